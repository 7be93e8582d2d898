-- RFC 9768 table 3: the ACK of the handshake says that the SYN-ACK arrived with ECT1.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+50ms", "[ect1] SW. 0:0(0) ack 1 win 31000 <mss 1460,ECN e0b 1 ceb 0 e1b 1,nop,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] EW. 1:1(0) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
