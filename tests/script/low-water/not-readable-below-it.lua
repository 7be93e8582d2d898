-- SO_RCVLOWAT (socket(7), tcp(7)): poll says that a connection is readable from so many bytes on.  What waits for them is
-- acknowledged without delay, as the application will not read before there is more (__tcp_ack_snd_check(), Linux 6.18).
local c = script.accepted { rtt = "10ms" }
c:rcvlowat(3000)
c:quickack(false)
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257")
expect.equal(c.readable, false)
script.inject("P. 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 2001")
expect.equal(c.readable, false)
script.inject("P. 2001:3000(999) ack 1 win 257")
expect.equal(c.readable, false)
script.inject("P. 3000:3001(1) ack 1 win 257")
expect.equal(c.readable, true)
expect.equal(c:read(1), 1)
expect.equal(c.readable, false)
