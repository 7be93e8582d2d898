-- RFC 9768 table 2: the SYN-ACK says that the SYN arrived with ECT0.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("[ect0] SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SA. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
