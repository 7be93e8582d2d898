-- net.ipv4.tcp_mem's third number is the most that all connections may use: six pages of 4,096 bytes hold ten segments of
-- 2,304.  The eleventh is dropped (TCPRcvQDrop) and the window closed, though the buffer has room.  Other orders of
-- the numbers are allowed: here there is never pressure.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "1 100 6" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
for i = 0, 9 do
  script.inject("+2ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001))
  script.expect((". 1:1(0) ack %d"):format(1000 * i + 1001))
end
expect.equal(host:counters().TcpExtTCPRcvQDrop, 0)
script.inject("+2ms", ". 10001:11001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 10001 win 0")
expect.equal(c.ready, 10000)
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
expect.equal(host:counters().TcpExtRcvPruned, 0)
expect.equal(c:read(10000), 10000)
script.inject("+2ms", ". 10001:11001(1000) ack 1 win 3000")
expect.equal(c.ready, 1000)
