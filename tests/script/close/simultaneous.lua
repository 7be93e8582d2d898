-- RFC 9293 3.6, figure 13: CLOSING.
local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("F. 1:1(0) ack 1 win 257")
script.expect(". 2:2(0) ack 2")
expect.equal(c.state, "CLOSING")
script.inject("+10ms", ". 2:2(0) ack 2 win 257")
expect.equal(c.state, "CLOSED")
