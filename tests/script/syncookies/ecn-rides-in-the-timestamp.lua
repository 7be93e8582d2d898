-- Linux: bit 5 of the timestamp; without one the SYN-ACK refuses ECN.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("SEW 0:0(0) win 65535 <mss 1460,nop,nop,TS val 700 ecr 0>")
script.expect("S.E 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 700>")
script.inject("+10ms", ". 1:1(0) ack 1 win 65535 <nop,nop,TS val 701 ecr 100>")
script.accept():write(1000)
script.expect("[ect0] P. 1:1001(1000) ack 1 <...>")
script.port(40001)
script.inject("SEW 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
