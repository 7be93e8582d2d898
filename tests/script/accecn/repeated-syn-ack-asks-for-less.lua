-- RFC 9768 3.2.3.2.2: a SYN-ACK that is repeated leaves the option out; after that ECN altogether.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.expect("+1s", "SW. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.expect("+2s", "S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.expect("+4s", "S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
