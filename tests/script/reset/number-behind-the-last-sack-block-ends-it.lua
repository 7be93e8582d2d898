-- Linux's reading of RFC 5961 3.2: a RST is also believed at the end of the highest block that was SACKed, which its
-- sender may take for what is expected.  The ends of the others are merely in the window.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
script.inject("P. 5001:6001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 5001:6001>")
script.inject("P. 8001:9001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 8001:9001 5001:6001>")
script.inject("P. 2001:3001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 2001:3001 8001:9001 5001:6001>")
script.inject("R 3001:3001(0) win 0")
script.expect(". 1:1(0) ack 1 <...>")
script.inject("+600ms", "R 6001:6001(0) win 0")
script.expect(". 1:1(0) ack 1 <...>")
expect.equal(c.state, "ESTABLISHED")
script.inject("+600ms", "R 9001:9001(0) win 0")
script.silence("10ms")
expect.equal(c.error, 104)
expect.equal(host:counters().TcpEstabResets, 1)
