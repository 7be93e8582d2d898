-- RFC 9768 3.2.3.2.2 and 3.1.5: a SYN-ACK after a time-out leaves the option out, after another one accurate ECN, too; then
-- nothing is ECN-capable.  It holds as well for a connection that began with the SYN's data (RFC 7413).
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_fastopen"] = 0x602, ["net.ipv4.tcp_timestamps"] = 0 } }
script.listen()
script.inject("SEWA 0:100(100) win 32792 <mss 1000>")
script.expect("SW. 0:0(0) ack 101 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop>")
script.expect("+1s", "SW. 0:0(0) ack 101 <mss 1460>")
script.expect("+2s", "S. 0:0(0) ack 101 <mss 1460>")
script.inject("+20ms", "W. 101:101(0) ack 1 win 30000")
script.accept():write(100)
script.expect("[noecn] EAP. 1:101(100) ack 101")
