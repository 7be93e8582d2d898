-- A processor of a Linux host keeps in hand what is taken and given back until it is net.core.mem_pcpu_rsv pages, 256
-- unless told otherwise: 443 segments of 2,304 bytes are in 250 pages, of which nothing is known, and 20 more, in 261,
-- are above all three numbers of net.ipv4.tcp_mem.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 256, ["net.ipv4.tcp_mem"] = "1 2 3" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK,nop,wscale 7", rcvbuf = 2000000 }
local n = 0
local function segments(count)
  for i = n, n + count - 1 do script.inject("+1ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
  n = n + count
end
segments(443)
expect.equal(c.ready, 443000)
expect.equal(host:counters().TcpExtTCPMemoryPressures, 0)
segments(20)
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
expect.below(c.ready, 460000)
