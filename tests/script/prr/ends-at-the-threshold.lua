-- RFC 9937: recovery over, the window is ssthresh, no more and no less, and no burst.  Seen on
-- Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 10001:14001(2*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10001 win 257")
script.expect(". 14001:15001(1000) ack 1")
expect.equal(c.cwnd, 5)
expect.equal(c.ssthresh, 5)
script.inject("+2ms", ". 1:1(0) ack 12001 win 257")
script.expect(". 15001:16001(1000) ack 1")
script.expect("P. 16001:17001(1000) ack 1")
expect.equal(c.cwnd, 5)
