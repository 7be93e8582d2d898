-- RFC 8985 7.4, RFC 3708: two segments went twice, the second as a loss probe and the first by the
-- time-out.  That one of them was not needed does not show that both were not (Linux since 6.11,
-- "fix incorrect undo caused by DSACK of TLP retransmit"; observed of 6.18): the window stays low
-- until the other one is reported, too.
local c = script.accepted { rtt = "400ms" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.expect("+800ms", "P. 1001:2001(1000) ack 1")
script.expect("+1200ms", ". 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2001 win 257")
script.inject("+10ms", ". 1:1(0) ack 2001 win 257 <sack 1:1001,nop,nop>")
expect.equal(c.ssthresh, 7)
script.inject("+10ms", ". 1:1(0) ack 2001 win 257 <sack 1001:2001,nop,nop>")
expect.equal(c.cwnd, 10)
expect.equal(c.ssthresh > 100, true)
