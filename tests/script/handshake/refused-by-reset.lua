-- RFC 9293 3.10.7.3: ECONNREFUSED.
local c = script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "R. 0:0(0) ack 1 win 0")
expect.equal(c.error, 111)
script.silence("10s")
