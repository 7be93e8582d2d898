-- RFC 6069 4, step (6): if the shorter time-out is over already, the segment goes at once.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+210ms", "P. 1:1001(1000) ack 1")
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.sleep("600ms")
script.icmp("host unreachable", 1)
script.expect("P. 1:1001(1000) ack 1")
