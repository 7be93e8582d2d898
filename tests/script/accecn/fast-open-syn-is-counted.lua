-- RFC 9768 3.2.1, RFC 7413: a SYN that opens with its data is the first packet of which the server counts the mark, as Linux
-- 7.2 does.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_fastopen"] = 0x602, ["net.ipv4.tcp_timestamps"] = 0 } }
script.listen { backlog = 1 }
script.inject("[ce] SEWA 0:100(100) win 32792 <mss 1000>")
script.expect("SWA. 0:0(0) ack 101 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop>")
local c = script.accept()
expect.equal(c.received_ce, 1)
script.inject("+20ms", "W. 101:101(0) ack 1 win 30000")
script.inject("+20ms", "[ect0] WAP. 101:201(100) ack 1 win 30000")
script.expect("[ect0] WA. 1:1(0) ack 201")
