-- Linux counts segments, not ACKs: one ACK for four opens the window by four (RFC 3465 with L
-- unbounded), so eight go out.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(60000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 4001 win 257")
for n = 10001, 17001, 1000 do script.expect((n // 1000 % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
expect.equal(c.cwnd, 14)
