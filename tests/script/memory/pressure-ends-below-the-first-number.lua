-- Pressure (net.ipv4.tcp_mem) ends when less than the first number of pages is in use: with just as many it lasts
-- (Documentation/networking/ip-sysctl.rst).  Six segments of 2,304 bytes take four pages, three still two.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "2 3 100" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
for i = 0, 5 do script.inject("+10ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
script.sleep("50ms")
c:read(3000)
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
c:read(1000)
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
c:read(1000)
expect.above(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
