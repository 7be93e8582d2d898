-- So that a peer which sends its FIN into a closed window gets done (Linux's tcp_data_queue).
local c = script.accepted { rcvbuf = 4000 }
for i = 0, 4 do
  script.inject("+1ms", (". %d:%d(1000) ack 1 win 257"):format(1 + i * 1000, 1001 + i * 1000))
end
script.sleep("300ms")
local sent = c.ready + 1
script.inject("+10ms", ("F. %d:%d(0) ack 1 win 257"):format(sent, sent))
script.sleep("300ms")
expect.equal(c.rcv_wnd, 0)
expect.equal(c.state, "CLOSE_WAIT")
