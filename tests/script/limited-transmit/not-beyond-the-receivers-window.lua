-- RFC 3042 2: only if the receiver's window has room; here ten segments fill it.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", win = 79 }
c:write(20000)
for i = 0, 9 do script.expect((({ [1] = 1, [3] = 1, [5] = 1, [6] = 1, [8] = 1 })[i] and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 79 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 1 win 79 <nop,nop,sack 1001:3001>")
script.silence("5ms")
