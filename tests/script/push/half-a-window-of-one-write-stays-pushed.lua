-- Linux sets PSH when half of the largest window was written since the last one, here at 26001, as
-- the window is 32896 and what is cut at once 16000.  It stays when the write goes on.  Seen on
-- Linux 6.18, at the retransmission of that segment alone.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(40001)
script.expect("P. 1:10001(5*2*1000) ack 1")
for i = 0, 9 do
    script.inject(i == 0 and "+40ms" or "+1ms", (". 1:1(0) ack %d win 257"):format(1001 + i * 1000))
    script.expect(("P. %d:%d(2*1000) ack 1"):format(10001 + i * 2000, 12001 + i * 2000))
end
script.inject("+40ms", ". 1:1(0) ack 25001 win 257 <nop,nop,sack 26001:29001>")
script.expect("P. 25001:26001(1000) ack 1")
script.expect("P. 30001:38001(4*2*1000) ack 1")
