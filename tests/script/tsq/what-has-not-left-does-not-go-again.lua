-- Linux: while a segment waits in the host's own queue, here for 430 ms, neither a loss probe nor the time-out sends it
-- again (skb_still_in_host_queue).  The time-out counts all the same, so it goes again when it has left.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
script.rate("20kbps")
c:write(1000)
script.sleep("300ms")
expect.equal(host:counters().TcpExtTCPSpuriousRtxHostQueues, 2)
expect.equal(host:counters().TcpExtTCPLossProbes, 0)
expect.equal(host:counters().TcpExtTCPTimeouts, 1)
expect.equal(host:counters().TcpRetransSegs, 0)
expect.equal(c.cwnd, 1)
script.tolerance("20ms")
script.expect("+131ms", "P. 1:1001(1000) ack 1")
script.sleep("20ms")
expect.equal(host:counters().TcpRetransSegs, 1)
script.expect("+411ms", "P. 1:1001(1000) ack 1")
