-- RFC 3042 2: the first two duplicate ACKs.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,nop,wscale 7" }
c:write(20000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 11001:12001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
