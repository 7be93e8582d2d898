-- A partial ACK in recovery that echoes the original: the segment was late, not lost, and that is
-- reordering (TCPTSReorder).  Without SACK nobody knows how far it was overtaken; it counts as far as the
-- ACK goes, five segments.  Seen on Linux 6.18.
local host = script.host()
script.listen { cc = "reno" }
script.inject("S 0:0(0) win 32792 <mss 1012,nop,nop,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1050 ecr 100>")
local c = script.accept()
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1 <...>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1100 ecr 150>")
script.inject(". 1:1(0) ack 1 win 257 <nop,nop,TS val 1100 ecr 150>")
script.inject(". 1:1(0) ack 1 win 257 <nop,nop,TS val 1100 ecr 150>")
script.expect(". 1:1001(1000) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 5001 win 257 <nop,nop,TS val 1120 ecr 150>")
expect.equal(host:counters().TcpExtTCPTSReorder, 1)
expect.equal(c.reordering, 5)
