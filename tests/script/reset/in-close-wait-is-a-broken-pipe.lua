-- Linux: EPIPE instead of ECONNRESET.
local c = script.accepted()
script.inject("+10ms", "F. 1:1(0) ack 1 win 257")
script.expect(". 1:1(0) ack 2")
script.inject("+10ms", "R 2:2(0) win 0")
expect.equal(c.error, 32)
