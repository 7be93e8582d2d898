-- RFC 9293 3.10.7.3: a RST whose ACK is not acceptable.
local c = script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "R. 0:0(0) ack 7777 win 0")
expect.equal(c.closed, false)
