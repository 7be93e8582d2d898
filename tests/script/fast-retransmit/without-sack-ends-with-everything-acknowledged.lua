-- RFC 6582 3.2: a partial ACK sends the next hole again and stays in recovery; the ACK of what was sent before ends it.
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(6000)
script.expect("P. 1:6001(3*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257")
script.inject(". 1:1(0) ack 1 win 257")
script.inject(". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 3001 win 257")
script.expect(". 3001:4001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 6001 win 257")
expect.equal(c.ssthresh, 5)
expect.equal(c.unacked, 0)
script.silence("1s")
