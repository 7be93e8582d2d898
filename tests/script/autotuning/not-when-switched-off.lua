-- net.ipv4.tcp_moderate_rcvbuf = 0 (tcp(7)): the buffer stays at the second value of tcp_rmem, 131072.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
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
expect.between(c.rcv_wnd, 60000, 131072)
