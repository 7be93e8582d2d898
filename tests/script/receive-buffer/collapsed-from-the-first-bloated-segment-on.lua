-- Linux (tcp_collapse()): segments that are worth their memory stay as they are; the copying begins with the first whose
-- share of the window would be more than its bytes.  A thousand bytes in 2,304 set the share, and stay; the forty of 100
-- bytes behind it, 832 each, go into full pages (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", rcvbuf = 12000 }
script.inject("+1ms", ". 1:1001(1000) ack 1 win 257")
for i = 0, 39 do script.inject("+1ms", (". %d:%d(100) ack 1 win 257"):format(1001 + 100 * i, 1101 + 100 * i)) end
expect.equal(c.ready, 5000)
expect.between(host:counters().TcpExtTCPRcvCollapsed, 20, 40)
expect.below(c.rmem_alloc, 24000)
c:read(1000)
expect.equal(host:counters().TcpExtRcvPruned, 0)
