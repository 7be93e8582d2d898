-- RFC 6928.
local c = script.accepted()
expect.equal(c.cwnd, 10)
c:write(20000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.silence("50ms")
