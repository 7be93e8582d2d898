-- RFC 9937 6.2: when more losses are found below the threshold, sending follows delivery (conservative reduction bound),
-- and does not catch up: one out for each one in.
local c = script.accepted { rtt = "40ms", cc = "reno", win = 500 }
c:write(30000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 500 <nop,nop,sack 7001:8001>")
script.inject("+15ms", ". 1:1(0) ack 1 win 500 <nop,nop,sack 7001:9001>")
script.sleep("1ms")
expect.equal(c.ssthresh, 5)
