-- RFC 9293 3.8.5: a segment that goes again still says where the urgent data ends.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(100, "urgent")
script.expect("PU. 1:101(100) ack 1 urg 100")
script.expect("+210ms", "PU. 1:101(100) ack 1 urg 100")
