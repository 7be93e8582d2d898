-- RFC 5961 3.2: in the window but not exact: a challenge ACK.
local c = script.accepted()
script.inject("+10ms", "R 100:100(0) win 0")
script.expect(". 1:1(0) ack 1")
expect.equal(c.state, "ESTABLISHED")
