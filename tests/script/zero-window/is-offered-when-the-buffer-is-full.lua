local c = script.accepted { rcvbuf = 4000 }
local sent = 0
for i = 0, 9 do
  script.inject("+10ms", (". %d:%d(1000) ack 1 win 257"):format(1 + i * 1000, 1001 + i * 1000))
end
script.sleep("300ms")
expect.equal(c.rcv_wnd < 1000, true)
