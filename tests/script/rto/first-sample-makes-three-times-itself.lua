-- RFC 6298 2.2: RTTVAR = R / 2, RTO = SRTT + 4 * RTTVAR: three times 200 ms.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "200ms" }
expect.near(c.rto, 0.6, "2ms")
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+600ms", "P. 1:1001(1000) ack 1")
