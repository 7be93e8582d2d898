-- net.ipv4.tcp_early_retrans = 0: no probe; the time-out comes first.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "50ms" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("+250ms", ". 1:1001(1000) ack 1")
