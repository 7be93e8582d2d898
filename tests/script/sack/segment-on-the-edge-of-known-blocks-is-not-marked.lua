-- Linux 6.18, observed: of a block only what the last ACK did not say is looked at.  The second block
-- covers segment 1001:2001, but what is new in it does not.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1501:10001>")
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
expect.equal(c.sacked, 8)
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
expect.equal(c.sacked, 8)
expect.equal(c.retrans, 2)
