-- RFC 5681 3.1.
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.cwnd, 11)
script.inject("+2ms", ". 1:1(0) ack 3001 win 257")
expect.equal(c.cwnd, 13)
