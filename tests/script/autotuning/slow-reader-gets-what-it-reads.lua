-- Dynamic right-sizing follows the reader, not the sender: who takes a segment in ten milliseconds of a path of 100 ms reads
-- less than the first window in a round trip, and the buffer stays as it was, however much comes.
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local seq, buffer = 1, c.rcvbuf
for _ = 1, 60 do
  if c.rcv_wnd > 2920 then
    script.inject("+5ms", (". %d:%d(1460) ack 1 win 257"):format(seq, seq + 1460))
    script.inject("+5ms", (". %d:%d(1460) ack 1 win 257"):format(seq + 1460, seq + 2920))
    seq = seq + 2920
  else
    script.sleep("10ms")
  end
  c:read(1460)
end
expect.equal(c.rcvbuf, buffer)
