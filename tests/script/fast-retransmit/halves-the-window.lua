-- RFC 5681 3.2: ssthresh = half of what is in flight (reno).
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.ssthresh, 5)
