-- A pointer beyond the segment: there is urgent data, but its byte is not here yet (EAGAIN, which is 11).
local c = script.accepted { rtt = "10ms" }
script.inject("PU. 1:6(5) ack 1 win 257 urg 8")
script.expect(". 1:1(0) ack 6")
expect.equal(c:urgent(), -11)
expect.equal(c:read(10), 5)
script.inject("P. 6:11(5) ack 1 win 257")
script.expect(". 1:1(0) ack 11")
expect.equal(c:urgent() >= 0, true)
expect.equal(c:read(10), 2)
expect.equal(c:read(10), 2)
