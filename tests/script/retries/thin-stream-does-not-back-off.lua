-- net.ipv4.tcp_thin_linear_timeouts: with fewer than four packets out the time-out does not double before the seventh.
-- (RFC 6298 5.5 doubles always.)  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_thin_linear_timeouts"] = 1 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for _ = 1, 7 do script.expect("+210ms", "P. 1:1001(1000) ack 1") end
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.expect("+840ms", "P. 1:1001(1000) ack 1")
