-- net.ipv4.tcp_shrink_window = 1: what is offered follows the memory, down to nothing when less than a sixteenth of the
-- buffer is free, although the sender was promised more; reading opens it again.
script.host { sysctl = { ["net.ipv4.tcp_shrink_window"] = 1, ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", rcvbuf = 66000, offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local seq, edge = 1, 1 + c.rcv_wnd
for _ = 1, 200 do
  if c.rcv_wnd < 100 then break end
  script.inject("+3ms", ("P. %d:%d(100) ack 1 win 257"):format(seq, seq + 100))
  script.sleep("3ms")
  seq = seq + 100
end
expect.equal(c.rcv_wnd, 0)
expect.below(seq, edge - 30000)
expect.above(c:read(100000), 4000)
expect.above(c.rcv_wnd, 30000)
