-- RFC 3708 2.1: a report of data that was never sent again says that the network made the copy; the loss that was found
-- meanwhile stays one.
local host = script.host()
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 2001 win 257 <nop,nop,sack 3001:6001>")
script.expect(". 2001:3001(1000) ack 1")
script.inject("+20ms", ". 1:1(0) ack 2001 win 257 <nop,nop,sack 1001:2001 3001:7001>")
expect.equal(c.ssthresh, 5)
expect.equal(host:counters().TcpExtTCPDSACKUndo, 0)
