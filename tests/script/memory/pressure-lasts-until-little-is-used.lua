-- net.ipv4.tcp_mem (Documentation/networking/ip-sysctl.rst): above the second number of pages TCP is under pressure, until
-- less than the first is in use.  Segments of 1,000 bytes take 2,304: the eighth needs a fifth page.  Of nine, reading
-- eight leaves one page, less than two.  TCPMemoryPressures counts the times, TCPMemoryPressuresChrono the milliseconds.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "2 4 100" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
local function segment(i) script.inject("+10ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
for i = 0, 6 do segment(i) end
expect.equal(host:counters().TcpExtTCPMemoryPressures, 0)
segment(7)
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
segment(8)
script.sleep("90ms")
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
c:read(8000)
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 100)
