-- RFC 9293 3.8.6.2.2 (SWS avoidance of the receiver): a window that closed does not open for what a small read frees, but
-- when there is room for a segment.
local c = script.accepted { rtt = "10ms", rcvbuf = 8000 }
local seq = 1
for _ = 1, 30 do
  if c.rcv_wnd < 1000 then break end
  script.inject("+1ms", (". %d:%d(1000) ack 1 win 257"):format(seq, seq + 1000))
  seq = seq + 1000
  script.expect("+0~45ms", (". 1:1(0) ack %d"):format(seq))
end
expect.below(c.rcv_wnd, 1000)
for _ = 1, 3 do
  c:read(100)
  script.silence("10ms")
end
c:read(30000)
script.expect((". 1:1(0) ack %d"):format(seq))
expect.above(c.rcv_wnd, 1000)
