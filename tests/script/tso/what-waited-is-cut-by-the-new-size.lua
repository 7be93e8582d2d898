-- What waited in one piece is counted anew when it may leave, by the segment size of then: two
-- packets are a super-segment, at the end of which PSH stands.  Seen on Linux 6.18.
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
script.inject("+10ms", ". 1:1(0) ack 1 win 0")
c:write(1460)
script.icmp("fragmentation needed", 1, 552)
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.expect(". 1:513(512) ack 1")
script.expect("P. 513:1025(512) ack 1")
script.expect("P. 1025:1461(436) ack 1")
