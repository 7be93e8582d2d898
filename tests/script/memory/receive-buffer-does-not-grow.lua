-- A full receive buffer becomes as large as what is in it (tcp_clamp_window()) only while less than the first number of
-- net.ipv4.tcp_mem is in use; else it is collapsed and pruned like one that was set by hand.
local host = script.host { sysctl = { ["net.ipv4.tcp_rmem"] = "4096 20000 33554432", ["net.ipv4.tcp_moderate_rcvbuf"] = 0, ["net.core.mem_pcpu_rsv"] = 1,
                                      ["net.ipv4.tcp_mem"] = "1 1000 1000" } }
local c = script.accepted { rtt = "10ms" }
for i = 0, 59 do script.inject("+1ms", (". %d:%d(100) ack 1 win 257"):format(1 + 100 * i, 101 + 100 * i)) end
expect.equal(c.rcvbuf, 20000)
expect.above(host:counters().TcpExtPruneCalled, 0)
expect.above(host:counters().TcpExtTCPRcvCollapsed, 0)
