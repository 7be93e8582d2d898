-- RFC 1122 4.2.3.9: Time Exceeded is a soft error; the connection goes on, and a connect is not ended by it at once.
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.icmp("time exceeded", 1)
expect.equal(c.state, "ESTABLISHED")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.unacked, 0)
