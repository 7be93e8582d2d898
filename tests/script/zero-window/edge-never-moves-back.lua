-- RFC 9293 3.8.6: a receiver should not shrink the window; Linux does not unless net.ipv4.tcp_shrink_window
-- is set, even if segments of 100 bytes take far more memory than they were offered window for.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local seq, edge = 1, 0
for _ = 1, 100 do
  script.inject("+50ms", ("P. %d:%d(100) ack 1 win 257"):format(seq, seq + 100))
  script.sleep("50ms") -- for the delayed ACK
  seq = seq + 100
  expect(seq + c.rcv_wnd >= edge, "the edge stays or moves on")
  edge = seq + c.rcv_wnd
end
expect.above(edge, 64000)
