-- RFC 6093 2.3: the byte before the pointer is read out of band, once, and reading stops in front of it.
local c = script.accepted { rtt = "10ms" }
expect.equal(c:urgent(), -22, "EINVAL")
script.inject("PU. 1:6(5) ack 1 win 257 urg 3")
script.expect(". 1:1(0) ack 6")
expect.equal(c:read(10), 2)
expect.equal(c:urgent() >= 0, true)
expect.equal(c:urgent(), -22, "it can be read once")
expect.equal(c:read(10), 2)
