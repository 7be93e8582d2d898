-- RFC 5681 3.2: ssthresh = half of what is in flight (reno).
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.ssthresh, 5)
