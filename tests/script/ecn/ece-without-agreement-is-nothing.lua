-- RFC 3168 6.1.1: without the agreement of both ends ECE is no message.
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
script.expect("[noecn] P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", "E. 1:1(0) ack 1001 win 257")
expect.above(c.ssthresh, 1000)
expect.equal(c.cwnd, 11)
