-- RFC 6582 4.1 (the careful variant): when exactly what was out at the beginning of the recovery is acknowledged, duplicate
-- ACKs may stem from needless retransmissions: no other fast retransmit.
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 11001:12001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
for _ = 1, 9 do script.inject("+2ms", ". 1:1(0) ack 1 win 257") end
script.sleep("20ms")
script.inject(". 1:1(0) ack 12001 win 257")
expect.equal(c.ssthresh, 5)
for _ = 1, 3 do script.inject("+2ms", ". 1:1(0) ack 12001 win 257") end
script.sleep("2ms")
expect.equal(c.ssthresh, 5, "no other reduction")
expect.equal(c.retrans, 0)
