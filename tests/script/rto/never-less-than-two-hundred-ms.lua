-- net.ipv4.tcp_rto_min_us.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "1ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+201ms", "P. 1:1001(1000) ack 1")
