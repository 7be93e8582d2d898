-- net.ipv4.tcp_keepalive_time, tcp_keepalive_intvl, tcp_keepalive_probes: 7200 s, then 75 s nine times (RFC 1122 4.2.3.6:
-- no less than two hours).
local c = script.accepted { rtt = "10ms", keepalive = true }
script.expect("+7200s", ". 0:0(0) ack 1")
for _ = 1, 8 do script.expect("+75s", ". 0:0(0) ack 1") end
script.expect("+75s", "R. 1:1(0) ack 1")
expect.equal(c.error, 110)
