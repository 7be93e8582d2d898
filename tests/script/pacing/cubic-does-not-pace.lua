-- Linux: an algorithm that does not ask for it is not paced (without SO_MAX_PACING_RATE or the fq queue): ten segments
-- and the twenty that their ACK allows leave in one go.
local c = script.accepted { rtt = "100ms", cc = "cubic", win = 512, sndbuf = 100000 }
c:write(40000)
script.tolerance("2ms")
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
for n = 10001, 29001, 1000 do script.expect((n // 1000 % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.silence("1ms")
