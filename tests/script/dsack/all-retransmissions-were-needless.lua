-- RFC 3708 2.2: each retransmission of the recovery is reported as a duplicate, so there was no loss: Linux takes the
-- reduction back (TCPDSACKUndo).
local host = script.host()
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.ssthresh, 5)
script.inject("+20ms", ". 1:1(0) ack 4001 win 257")
script.inject("+20ms", ". 1:1(0) ack 4001 win 257 <nop,nop,sack 1:1001>")
expect.above(c.ssthresh, 1000)
expect.equal(host:counters().TcpExtTCPDSACKUndo, 1)
