-- RFC 9768 3.2.2.3, table 4: without net.ipv4.tcp_ecn_fallback an ACK of the handshake that reports CE counts as a packet with
-- it, though the SYN-ACK was not ECN-capable.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0, ["net.ipv4.tcp_ecn_fallback"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "[ect0] WA. 1:1(0) ack 1 win 333")
local c = script.accept()
expect.equal(c.delivered_ce, 1)
c:write(300)
script.expect("[ect0] EAP. 1:301(300) ack 1")
