-- TCP_USER_TIMEOUT (tcp(7), RFC 5482 4.2): nine probes would be allowed, but 2.5 s are over at the
-- third.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", keepalive = true, keepidle = 1, keepintvl = 1, keepcnt = 9, user_timeout = 2500 }
script.expect("+1s", ". 0:0(0) ack 1")
script.expect("+1s", ". 0:0(0) ack 1")
script.expect("+1s", "R. 1:1(0) ack 1")
expect.equal(c.error, 110) -- ETIMEDOUT
