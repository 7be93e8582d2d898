-- RFC 8985 6.2: what was sent before delivered data is lost, and nothing else; it is sent again at once.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(12000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.lost, 1)
expect.equal(c.retrans, 1)
