-- RFC 8985 6.2: new data that was sent after the retransmission has arrived, and a round trip has
-- passed: the retransmission is lost, and goes again without a time-out.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+1ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.sleep("1ms")
c:write(4000)
for n = 10001, 13001, 1000 do script.expect((n // 1000 % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.inject("+43ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:12001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.retrans, 1)
