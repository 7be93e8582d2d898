-- RFC 9293 3.10.7.4: what is not in the window is thrown away and answered.
local c = script.accepted { rtt = "10ms" }
script.inject("+10ms", "P. 900001:901001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1")
expect.equal(c.ready, 0)
