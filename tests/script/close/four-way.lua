-- RFC 9293 3.6, figure 12.
local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
expect.equal(c.state, "FIN_WAIT2")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
