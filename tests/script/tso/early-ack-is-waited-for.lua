-- Linux (tcp_tso_should_defer()): a segment left less than a millisecond ago, and the head's ACK is due soon: room for one
-- segment waits to become room for a super-segment of two.  Seen on Linux 6.18.
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(30000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 1001 win 257")
script.expect(". 10001:11001(1000) ack 1") script.expect("P. 11001:12001(1000) ack 1")
script.inject("+300us", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 2001:3001>")
script.silence("100us")
script.inject("+200us", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 2001:4001>")
script.expect(". 12001:13001(1000) ack 1") script.expect("P. 13001:14001(1000) ack 1")
