-- RFC 1122 4.2.3.6: the probe is an old number; ETIMEDOUT after keepcnt of them.
local c = script.accepted { keepalive = true, keepidle = 10, keepintvl = 5, keepcnt = 3 }
script.expect("+10s", ". 0:0(0) ack 1")
script.expect("+5s", ". 0:0(0) ack 1")
script.expect("+5s", ". 0:0(0) ack 1")
script.expect("+5s", "R. 1:1(0) ack 1")
expect.equal(c.error, 110)
