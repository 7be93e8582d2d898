-- RFC 1122 4.2.3.9, RFC 5927 5: once established it is only remembered.
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.icmp("port unreachable", 1)
expect.equal(c.state, "ESTABLISHED")
