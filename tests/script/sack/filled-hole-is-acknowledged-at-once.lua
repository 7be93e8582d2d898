-- RFC 5681 4.2.
local c = script.accepted()
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001>")
script.inject("+10ms", ". 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 2001")
expect.equal(c.ready, 2000)
