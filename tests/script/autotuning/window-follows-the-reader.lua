-- Dynamic right-sizing (Fisk and Feng 2001; net.ipv4.tcp_moderate_rcvbuf): twice of what is read in a
-- round trip is offered, or more, so that a sender in slow start is never held: 640 segments came in
-- the last one.
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
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
expect.above(seq, 1270 * 1460, "nothing was held back")
expect.above(c.rcv_wnd, 640 * 1460)
