-- RFC 6093 2.3, Linux: reading stops in front of the urgent byte also when there is but one byte before it.
local c = script.accepted { rtt = "10ms" }
script.inject("PU. 1:6(5) ack 1 win 257 urg 2")
script.expect(". 1:1(0) ack 6")
expect.equal(c:read(10), 1)
expect.equal(c:read(10), 3)
