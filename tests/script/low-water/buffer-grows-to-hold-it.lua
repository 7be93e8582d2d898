-- SO_RCVLOWAT (tcp_set_rcvlowat(), Linux 6.18): the receive buffer becomes large enough for so many bytes, at once and
-- without a transfer that would teach it: twice as many, while nothing is known of the peer's segments.
local c = script.accepted { rtt = "10ms" }
expect.equal(c.rcvbuf, 131072)
c:rcvlowat(200000)
expect.equal(c.rcvbuf, 400000)
c:rcvlowat(1000)
expect.equal(c.rcvbuf, 400000)
