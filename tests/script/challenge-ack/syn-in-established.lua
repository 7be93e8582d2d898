-- RFC 5961 4.2: whatever its number.
local c = script.accepted()
script.inject("+10ms", "S 1:1(0) win 32792 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.state, "ESTABLISHED")
