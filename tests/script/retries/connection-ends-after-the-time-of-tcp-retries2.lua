-- RFC 1122 4.2.3.5's R2, as Linux counts it: the time that so many time-outs from 200 ms would take, (2 << 4) - 1 = 31
-- times 200 ms for net.ipv4.tcp_retries2 = 4: 6.2 s from the first retransmission.  The fifth time-out is past them.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_retries2"] = 4 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for _, d in ipairs { 210, 420, 840, 1680 } do script.expect(d / 1000, "P. 1:1001(1000) ack 1") end
script.silence("3200ms")
expect.equal(c.closed, false)
script.silence("600ms")
expect.equal(c.error, 110)
