-- RFC 8985 7.3: what was not sent yet probes as well; here the window of congestion is full.
local c = script.accepted { rtt = "50ms" }
c:write(11000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.expect("+102ms", "P. 10001:11001(1000) ack 1")
