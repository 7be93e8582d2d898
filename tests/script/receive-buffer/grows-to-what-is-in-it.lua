-- tcp_clamp_window(): what comes when more than the buffer is in use makes one that was not set by hand as large as that,
-- up to the third value of net.ipv4.tcp_rmem, so that small segments with large overhead are not lost (PruneCalled).
local host = script.host { sysctl = { ["net.ipv4.tcp_rmem"] = "4096 20000 33554432", ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms" }
expect.equal(c.rcvbuf, 20000)
for i = 0, 39 do script.inject("+1ms", (". %d:%d(100) ack 1 win 257"):format(1 + 100 * i, 101 + 100 * i)) end
expect.equal(c.ready, 4000)
expect.above(c.rcvbuf, 20000)
expect.above(host:counters().TcpExtPruneCalled, 0)
expect.equal(host:counters().TcpExtRcvPruned, 0)
