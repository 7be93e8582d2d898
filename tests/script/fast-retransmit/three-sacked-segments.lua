-- RFC 6675 5, RFC 8985: the fourth ACK of the hole.
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(4000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1") script.expect("P. 3001:4001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject(". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:3001>")
script.inject(". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+11ms", ". 1:1(0) ack 4001 win 257")
expect.equal(c.unacked, 0)
