-- Linux 6.18, observed (TcpExtTCPDSACKIgnoredDubious): what was not sent twice was duplicated by the
-- network, which says nothing about a retransmission.
local host = script.host()
local c = script.accepted { rtt = "40ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1001 win 257")
script.inject("+1ms", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 1:1001>")
local counters = host:counters()
expect.equal(counters.TcpExtTCPDSACKRecv, 1)
expect.equal(counters.TcpExtTCPDSACKIgnoredDubious, 1)
expect.equal(counters.TcpExtTCPDSACKRecvSegs, 0)
expect.equal(c.delivered, 2)
