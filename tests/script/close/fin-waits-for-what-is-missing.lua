-- RFC 9293 3.10.7.4: a FIN that overtakes data is kept until the data is there.
local c = script.accepted { rtt = "10ms" }
script.inject("F. 1001:1001(0) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <...>")
expect.equal(c.state, "ESTABLISHED")
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1002")
expect.equal(c.state, "CLOSE_WAIT")
expect.equal(c.ready, 1000)
