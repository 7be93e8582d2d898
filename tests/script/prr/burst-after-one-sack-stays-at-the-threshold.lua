-- RFC 9937: nine of ten delivered at once; what is in flight may grow to ssthresh, 5: the
-- retransmission and four new segments.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(20000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
for n = 10001, 13001, 1000 do script.expect((n // 1000 % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.silence("1ms")
expect.equal(c.cwnd, 5)
