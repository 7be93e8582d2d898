-- RFC 8985 6.2: new data that was sent after the retransmission has arrived, and a round trip has
-- passed: the retransmission is lost, and goes again without a time-out.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+1ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.sleep("1ms")
c:write(4000)
script.expect("P. 10001:14001(2*2*1000) ack 1")
script.inject("+43ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:12001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.retrans, 1)
