-- TCP_WINDOW_CLAMP of an open connection: the window does not shrink (RFC 9293 3.8.6), it stops growing: as data comes
-- in, what is offered goes down to the clamp.  (Autotuning would set it anew.)
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
local seq = 1
local function segment()
  script.inject("+10ms", ("P. %d:%d(1000) ack 1 win 3000"):format(seq, seq + 1000))
  seq = seq + 1000
  c:read(1000)
  script.sleep("45ms")
end
for _ = 1, 5 do segment() end
expect.above(c.rcv_wnd, 16000)
c:set { window_clamp = 4000 }
local edge = seq + c.rcv_wnd
for _ = 1, 100 do
  segment()
  expect(seq + c.rcv_wnd >= edge, "the edge stays or moves on")
  edge = seq + c.rcv_wnd
end
expect.between(c.rcv_wnd, 2000, 4000)
