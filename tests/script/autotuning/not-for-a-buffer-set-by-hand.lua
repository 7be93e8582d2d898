-- socket(7): SO_RCVBUF sets the size; it is doubled, and half of it is for overhead, so that no more than
-- 65536 bytes are ever offered.  Linux locks it (SOCK_RCVBUF_LOCK).
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", rcvbuf = 65536 }
local seq = 1
for round = 0, 6 do -- round trips of 100 ms, each with twice as much
  for _ = 1, 10 * 2 ^ round do
    if c.rcv_wnd < 1460 then break end
    script.inject((". %d:%d(1460) ack 1 win 257"):format(seq, seq + 1460))
    seq = seq + 1460
    c:read(1460)
  end
  script.sleep("100ms")
end
expect.between(c.rcv_wnd, 30000, 131072)
expect.above(seq, 500 * 1460, "a reader that keeps up keeps the window open")
