-- What counts is what the application takes: unread data fills the buffer of 131072 bytes, and the window
-- closes (RFC 9293 3.8.6.1).
local c = script.accepted { rtt = "100ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
local seq = 1
for round = 0, 6 do -- round trips of 100 ms, each with twice as much
  for _ = 1, 10 * 2 ^ round do
    if c.rcv_wnd < 1460 then break end
    script.inject((". %d:%d(1460) ack 1 win 257"):format(seq, seq + 1460))
    seq = seq + 1460
  end
  script.sleep("100ms")
end
expect.below(c.rcv_wnd, 1460)
expect.below(seq, 131072)
