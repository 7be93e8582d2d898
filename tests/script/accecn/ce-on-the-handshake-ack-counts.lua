-- RFC 9768 3.2.2.3: CE on the ACK of the handshake is a packet with CE.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 31000 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "[ce] W. 1:1(0) ack 1 win 310 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.accept():write(700)
script.expect("[ect0] WAP. 1:701(700) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
