-- RFC 5681 3.1.
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.cwnd, 11)
script.inject("+2ms", ". 1:1(0) ack 3001 win 257")
expect.equal(c.cwnd, 13)
