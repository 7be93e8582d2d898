-- RFC 9937: recovery over, the window is ssthresh, no more and no less, and no burst.  Seen on
-- Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(20000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
for n = 10001, 13001, 1000 do script.expect((n // 1000 % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.inject("+40ms", ". 1:1(0) ack 10001 win 257")
script.expect(". 14001:15001(1000) ack 1")
expect.equal(c.cwnd, 5)
expect.equal(c.ssthresh, 5)
script.inject("+2ms", ". 1:1(0) ack 12001 win 257")
script.expect(". 15001:16001(1000) ack 1")
script.expect("P. 16001:17001(1000) ack 1")
expect.equal(c.cwnd, 5)
