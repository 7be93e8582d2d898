-- Linux sets PSH when half of the largest window was written since the last one, here at 26001, as
-- the window is 32896 and what is cut at once 16000.  It stays when the write goes on.  Seen on
-- Linux 6.18, at the retransmission of that segment alone.
local c = script.accepted { rtt = "40ms", cc = "reno" }
local function data(from, to, push) for n = from, to, 1000 do script.expect((((n - from) % 2000 == 1000 or push) and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end end
c:write(40001)
data(1, 9001)
for i = 0, 9 do
    script.inject(i == 0 and "+40ms" or "+1ms", (". 1:1(0) ack %d win 257"):format(1001 + i * 1000))
    data(10001 + i * 2000, 11001 + i * 2000)
end
script.inject("+40ms", ". 1:1(0) ack 25001 win 257 <nop,nop,sack 26001:29001>")
data(25001, 25001, true)
data(30001, 37001)
