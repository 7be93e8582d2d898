-- Dynamic right-sizing with losses (tcp_rcvbuf_grow() by what is out of order, Linux 6.18): what waits for a hole makes the
-- buffer larger by as much, so that the window is not eaten up during recovery.
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local before = c.rcvbuf
for i = 1, 40 do
  script.inject("+0.5ms", (". %d:%d(1460) ack 1 win 257"):format(1 + 1460 * i, 1461 + 1460 * i))
end
expect.above(c.rcvbuf, before)
expect.above(c.rcvbuf, 41 * 1460)
