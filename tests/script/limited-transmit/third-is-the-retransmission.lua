-- RFC 3042: the first duplicates send new data, not more than the window allows; the third is a
-- loss (RFC 5681 3.2).  One in two is deferred for a super-segment.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+1ms", ". 1:1(0) ack 1 win 257")
script.inject("+1ms", ". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.sacked, 3)
expect.equal(c.ssthresh, 5)
