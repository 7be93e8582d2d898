-- Linux 6.18 (tcp_epollin_ready()): a window that has no room for more than a segment makes a connection readable, however
-- high SO_RCVLOWAT is, or both ends would wait for each other for ever.
local c = script.accepted { rtt = "10ms", rcvbuf = 8192, offer = "mss 1000,sackOK" }
c:rcvlowat(8192)
local seq = 1
while c.rcv_wnd > 3000 and seq < 9000 do
  expect.equal(c.readable, false)
  script.inject("+1ms", ("P. %d:%d(1000) ack 1 win 3000"):format(seq, seq + 1000))
  script.sleep("50ms")
  seq = seq + 1000
end
script.inject("+1ms", ("P. %d:%d(1000) ack 1 win 3000"):format(seq, seq + 1000))
script.inject("+1ms", ("P. %d:%d(1000) ack 1 win 3000"):format(seq + 1000, seq + 2000))
expect.equal(c.readable, true)
