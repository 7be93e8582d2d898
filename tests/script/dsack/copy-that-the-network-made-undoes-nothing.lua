-- RFC 3708 2.1: a report of data that was never sent again says that the network made the copy; the loss that was found
-- meanwhile stays one.
local host = script.host()
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 2001 win 257 <nop,nop,sack 3001:6001>")
script.expect(". 2001:3001(1000) ack 1")
script.inject("+20ms", ". 1:1(0) ack 2001 win 257 <nop,nop,sack 1001:2001 3001:7001>")
expect.equal(c.ssthresh, 5)
expect.equal(host:counters().TcpExtTCPDSACKUndo, 0)
