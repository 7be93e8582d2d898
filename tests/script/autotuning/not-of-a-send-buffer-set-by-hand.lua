-- socket(7): SO_SNDBUF fixes the size.  What ten acknowledged segments free can be written, and no more.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 2000, sndbuf = 20000 }
local first = c:write(1000000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+10ms", ". 1:1(0) ack 10001 win 2000")
expect.above(c:write(1000000), 0)
expect(c:write(1000000) <= 0, "the buffer is full again")
