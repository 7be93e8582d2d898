-- RFC 5681 4.1: after a time-out without sending the window is the initial one again.
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 257")
expect.equal(c.cwnd, 20)
script.sleep("2s")
c:write(1000)
script.expect("P. 10001:11001(1000) ack 1")
expect.equal(c.cwnd, 10)
