script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 0 } }
script.listen()
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("[noecn] S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.accept():write(1000)
script.expect("[noecn] P. 1:1001(1000) ack 1")
