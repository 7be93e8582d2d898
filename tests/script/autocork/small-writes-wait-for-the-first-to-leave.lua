-- Linux (net.ipv4.tcp_autocorking): while earlier data waits below, small writes are put together, though Nagle's
-- algorithm is off.  A segment of 1000 bytes takes 86 ms to leave.
local host = script.host()
local c = script.accepted { nodelay = true }
script.rate("100kbps")
c:write(1000)
for _ = 1, 5 do c:write(100) end
script.tolerance("20ms")
script.expect("+86ms", "P. 1:1001(1000) ack 1")
script.expect("+46ms", "P. 1001:1501(500) ack 1")
expect.equal(host:counters().TcpExtTCPAutoCorking, 1)
