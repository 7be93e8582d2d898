-- RFC 5681 2: the window must be the same.
local c = script.accepted { rtt = "10ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
for i = 1, 3 do script.inject("+1ms", ". 1:1(0) ack 1 win " .. 257 + i) end
script.silence("10ms")
