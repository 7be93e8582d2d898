-- RFC 3168 6.1.1: without the agreement of both ends ECE is no message.
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect("[noecn] " .. (i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", "E. 1:1(0) ack 1001 win 257")
expect.above(c.ssthresh, 1000)
expect.equal(c.cwnd, 11)
