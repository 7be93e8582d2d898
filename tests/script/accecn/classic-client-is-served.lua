-- RFC 9768 3.1.2: a client that asks for classic ECN gets it from an accurate server.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEW 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SE. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", ". 1:1(0) ack 1 win 333")
script.accept():write(700)
script.expect("[ect0] P. 1:701(700) ack 1")
