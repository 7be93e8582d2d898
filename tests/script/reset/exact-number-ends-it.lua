-- RFC 5961 3.2.
local c = script.accepted()
script.inject("+10ms", "R 1:1(0) win 0")
expect.equal(c.error, 104)
expect.equal(c.state, "CLOSED")
