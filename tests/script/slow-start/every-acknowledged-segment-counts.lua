-- Linux counts segments, not ACKs: one ACK for four opens the window by four (RFC 3465 with L
-- unbounded), so eight go out.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(60000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 4001 win 257")
script.expect("P. 10001:18001(4*2*1000) ack 1")
script.silence("10ms")
expect.equal(c.cwnd, 14)
