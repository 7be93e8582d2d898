-- Linux: with net.ipv4.tcp_autocorking 0 a small write does not wait for what is below: the first goes down.  (The
-- others wait because two bursts are there, which is another limit.)
local host = script.host { sysctl = { ["net.ipv4.tcp_autocorking"] = 0 } }
local c = script.accepted { nodelay = true }
script.rate("100kbps")
c:write(1000)
for _ = 1, 5 do c:write(100) end
expect.equal(c.unacked, 2)
script.tolerance("20ms")
script.expect("+86ms", "P. 1:1001(1000) ack 1")
script.expect("+14ms", "P. 1001:1101(100) ack 1")
script.expect("+38ms", "P. 1101:1501(400) ack 1")
expect.equal(host:counters().TcpExtTCPAutoCorking, 0)
