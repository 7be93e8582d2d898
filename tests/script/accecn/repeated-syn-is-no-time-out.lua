-- RFC 9768 3.2.3.2.2: a repeated SYN, as the first time-out, has the SYN-ACK go again without the option; it is another
-- time-out in vain that takes the flags away. Who sent a SYN-ACK without them sends no ECT for the rest of the connection,
-- though its feedback goes on (3.1.5).
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop>")
script.inject("+600ms", "SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <mss 1460>")
script.expect("+1s", "SW. 0:0(0) ack 1 <mss 1460>")
script.expect("+2s", "S. 0:0(0) ack 1 <mss 1460>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 30000")
script.accept():write(300)
script.expect("[noecn] EAP. 1:301(300) ack 1")
