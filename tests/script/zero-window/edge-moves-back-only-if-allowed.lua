-- net.ipv4.tcp_shrink_window: segments of 100 bytes take far more memory than they were offered window for.
-- A Linux 6.18 host that may shrink the window moves its right edge back with each unit of 1024 bytes that
-- memory is short of, and closes it in the end.
script.host { sysctl = { ["net.ipv4.tcp_shrink_window"] = 1, ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local seq, edge, back = 1, 0, 0
for _ = 1, 260 do
  if c.rcv_wnd < 100 then break end
  script.inject("+50ms", ("P. %d:%d(100) ack 1 win 257"):format(seq, seq + 100))
  script.sleep("50ms") -- for the delayed ACK
  seq = seq + 100
  if seq + c.rcv_wnd < edge - 100 then back = back + 1 end
  edge = seq + c.rcv_wnd
end
expect.above(back, 10)
expect.below(c.rcv_wnd, 100)
