-- Linux: what is as long as a burst, here of two segments, does not wait for company (tcp_should_autocork: less than
-- the goal); what follows does, until something has left.
local host = script.host()
local c = script.accepted { nodelay = true }
script.rate("100kbps")
c:write(1000)
c:write(2000)
expect.equal(c.unacked, 3)
expect.equal(host:counters().TcpExtTCPAutoCorking, 0)
c:write(500)
expect.equal(c.unacked, 3)
expect.equal(host:counters().TcpExtTCPAutoCorking, 1)
script.sleep("200ms")
expect.equal(c.unacked, 4)
