-- RFC 9937: nine of ten delivered at once; what is in flight may grow to ssthresh, 5: the
-- retransmission and four new segments.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 10001:14001(2*2*1000) ack 1")
script.silence("1ms")
expect.equal(c.cwnd, 5)
