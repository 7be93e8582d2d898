-- RFC 4015 as Linux has it (TCPPartialUndo): the ACK of the first segment that was sent again echoes its original while
-- other data is still in recovery: that ends it.
local host = script.host()
script.listen { cc = "reno" }
script.inject("S 0:0(0) win 32792 <mss 1012,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1050 ecr 100>")
local c = script.accept()
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1 <...>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1100 ecr 150,nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 4001 win 257 <nop,nop,TS val 1120 ecr 150>")
expect.above(c.ssthresh, 1000)
expect.equal(host:counters().TcpExtTCPPartialUndo, 1)
