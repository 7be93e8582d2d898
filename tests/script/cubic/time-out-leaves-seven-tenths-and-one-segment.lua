-- RFC 9438 4.8: a time-out sets the threshold as a loss does (7 of 10) and begins with one segment (RFC 5681 3.1).
local c = script.accepted { rtt = "80ms", cc = "cubic" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+280ms", "P. 1:1001(1000) ack 1")
script.expect("+280ms", "P. 1:1001(1000) ack 1")
expect.equal(c.ssthresh, 7)
expect.equal(c.cwnd, 1)
