-- RFC 2018 4: what was cumulatively acknowledged is not reported any more, the rest is.
local c = script.accepted { rtt = "10ms" }
script.inject("+1ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 3001:4001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:2001>")
script.inject("+1ms", ". 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 2001 <nop,nop,sack 3001:4001>")
expect.equal(c.ready, 2000)
