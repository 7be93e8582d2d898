-- Linux 6.18, observed (TcpExtTCPDelivered): a D-SACK that comes after everything was acknowledged says
-- that one more segment arrived; the SYN-ACK counts, too.
local host = script.host()
local c = script.accepted { rtt = "40ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 1:1001>")
local counters = host:counters()
expect.equal(c.delivered, 3)
expect.equal(counters.TcpExtTCPDelivered, 2, "of data")
expect.equal(counters.TcpExtTCPDSACKRecvSegs, 1)
