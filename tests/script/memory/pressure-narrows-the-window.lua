-- Under pressure (net.ipv4.tcp_mem) no more than four segments of the size that was announced are asked for once half of the
-- buffer is in use (Linux's tcp_adjust_rcv_ssthresh()), and reading does not widen that.  What was offered before is not
-- taken back (RFC 9293 3.8.6): the window's edge stays at 64,240 until the window is within a segment of 4 x 1,460.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0, ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "1 2 1000" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
local function segment(i)
  script.inject("+300ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001))
  script.expect((". 1:1(0) ack %d"):format(1000 * i + 1001))
end
for i = 0, 27 do segment(i) end
expect.above(c.rcv_ssthresh, 10 * 1460)
for i = 28, 39 do segment(i) end
expect.equal(c.rcv_ssthresh, 4 * 1460)
expect.equal(c:read(35000), 35000)
for i = 40, 57 do
  segment(i)
  c:read(1000)
end
script.inject("+300ms", ". 58001:59001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 59001 win 5240")
c:read(1000)
script.inject("+300ms", ". 59001:60001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 60001 win 5240")
