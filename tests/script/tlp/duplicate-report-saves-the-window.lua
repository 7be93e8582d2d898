-- RFC 8985 7.4.2: original and probe arrived both, and the report of the copy says so: no reduction.
local host = script.host()
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("+102ms", "P. 1001:2001(1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 2001 win 257 <nop,nop,sack 1001:2001>")
c:write(1000)
script.expect("P. 2001:3001(1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 3001 win 257")
expect.above(c.ssthresh, 1000)
expect.equal(host:counters().TcpExtTCPLossProbeRecovery, 0)
