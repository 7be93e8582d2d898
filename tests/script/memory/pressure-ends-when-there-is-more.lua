-- Pressure (net.ipv4.tcp_mem) also ends when who takes memory finds no more than the first number of pages in use
-- (Linux's __sk_mem_raise_allocated()), as after that number was raised: but not by the number alone.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 1 100" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
local function segment(i) script.inject("+10ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
for i = 0, 2 do segment(i) end
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
script.sleep("50ms")
host:sysctl("net.ipv4.tcp_mem", "2 100 100")
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
segment(3)
expect.equal(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
host:sysctl("net.ipv4.tcp_mem", "4 100 100")
for i = 4, 5 do segment(i) end
expect.above(host:counters().TcpExtTCPMemoryPressuresChrono, 0)
