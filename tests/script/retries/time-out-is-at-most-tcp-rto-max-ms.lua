-- net.ipv4.tcp_rto_max_ms (RFC 6298 2.5: at least 60 s is asked for; Linux's default is 120): the time-out doubles up to
-- there.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_rto_max_ms"] = 1000 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for _, d in ipairs { 210, 420, 840, 1000, 1000, 1000 } do script.expect(d / 1000, "P. 1:1001(1000) ack 1") end
