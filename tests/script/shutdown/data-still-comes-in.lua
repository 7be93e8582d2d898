-- RFC 9293 3.6: the other direction stays open, and is read.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(500)
script.expect("P. 1:501(500) ack 1")
c:shutdown()
script.expect("F. 501:501(0) ack 1")
script.inject("+40ms", ". 1:1(0) ack 502 win 257")
script.inject("+10ms", "P. 1:101(100) ack 502 win 257")
script.expect(". 502:502(0) ack 101")
expect.equal(c.ready, 100)
c:read(100)
expect.equal(c.state, "FIN_WAIT2")
