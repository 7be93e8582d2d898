-- RFC 8985 7.2: with more than one segment in flight: 2 * srtt + 2 ms.
local c = script.accepted { rtt = "50ms" }
c:write(4000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1") script.expect("P. 3001:4001(1000) ack 1")
script.expect("+102ms", "P. 3001:4001(1000) ack 1")
