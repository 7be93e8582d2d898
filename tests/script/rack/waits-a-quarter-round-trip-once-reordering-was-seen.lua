-- RFC 8985 6.2 step 4: three SACKs do not start recovery any more once segments came out of order;
-- a quarter of the least round trip passes first.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 2001 win 257")
for n = 4001, 6001, 1000 do script.inject("+1ms", (". 1:1(0) ack 2001 win 257 <nop,nop,sack 3001:%d>"):format(n)) end
script.silence()
expect.equal(c.lost, 0)
expect.equal(c.sacked, 3)
script.expect("+10ms~13ms", ". 2001:3001(1000) ack 1")
