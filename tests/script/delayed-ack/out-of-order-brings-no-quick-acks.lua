-- RFC 5681 4.2: what comes out of order, and what fills the hole, is acknowledged at once; but the quick phase does not
-- begin again: the next lone segment waits.
local c = script.accepted { rtt = "10ms" }
c:quickack(false)
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001>")
script.inject("+10ms", ". 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 2001")
script.inject("+10ms", ". 2001:3001(1000) ack 1 win 257")
script.expect("+40ms~48ms", ". 1:1(0) ack 3001")
