-- SO_OOBINLINE (socket(7)): reading stops once in front of the byte, and then gives it with the others.
local c = script.accepted { rtt = "10ms", oobinline = true }
script.inject("PU. 1:6(5) ack 1 win 257 urg 3")
script.expect(". 1:1(0) ack 6")
expect.equal(c:urgent(), -22)
expect.equal(c:read(10), 2)
expect.equal(c:read(10), 3)
