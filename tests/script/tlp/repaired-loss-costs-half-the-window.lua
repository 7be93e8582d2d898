-- RFC 8985 7.4.2: the probe was acknowledged without D-SACK: a loss was repaired.
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("+102ms", "P. 1001:2001(1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 2001 win 257")
expect.equal(c.ssthresh > 100, true)
c:write(1000)
script.expect("P. 2001:3001(1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 3001 win 257")
expect.equal(c.ssthresh, 5)
expect.equal(c.cwnd, 5)
