-- RFC 6069 (TCP-LCD): an ICMP message about the segment sent again says that the path was cut, not that there is
-- congestion: one doubling of the time-out is taken back.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+210ms", "P. 1:1001(1000) ack 1")
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.icmp("host unreachable", 1)
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.expect("+840ms", "P. 1:1001(1000) ack 1")
