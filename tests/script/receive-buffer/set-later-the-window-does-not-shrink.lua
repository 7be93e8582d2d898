-- SO_RCVBUF of an open connection (socket(7): doubled): what was offered stays offered (RFC 9293 3.8.6), so the window goes
-- down only as data comes in, and then stays within the smaller buffer.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
local edge = 1 + c.rcv_wnd
c:set { rcvbuf = 8192 }
expect.equal(c.rcvbuf, 16384)
local seq = 1
for _ = 1, 80 do
  script.inject("+2ms", ("P. %d:%d(1000) ack 1 win 3000"):format(seq, seq + 1000))
  seq = seq + 1000
  c:read(1000)
  script.sleep("1ms")
  expect(seq + c.rcv_wnd >= edge, "the edge stays or moves on")
  edge = seq + c.rcv_wnd
end
expect.between(c.rcv_wnd, 4000, 8192)
