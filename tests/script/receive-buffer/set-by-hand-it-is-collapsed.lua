-- A buffer set by hand stays.  When more than it holds is in use, the queue is copied into full pages (tcp_collapse(),
-- TCPRcvCollapsed): no byte is lost, and less memory is in use than before.
local host = script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", rcvbuf = 16384 }
for i = 0, 59 do script.inject("+1ms", (". %d:%d(100) ack 1 win 257"):format(1 + 100 * i, 101 + 100 * i)) end
expect.equal(c.ready, 6000)
expect.equal(c.rcvbuf, 32768)
expect.above(host:counters().TcpExtTCPRcvCollapsed, 0)
expect.equal(host:counters().TcpExtRcvPruned, 0)
expect.below(c.rmem_alloc, 60 * 832 - 20000)
