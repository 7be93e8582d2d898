-- RFC 5482, TCP_USER_TIMEOUT: ETIMEDOUT after three seconds.
local c = script.accepted { rtt = "10ms", user_timeout = 3000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.sleep("4s")
expect.equal(c.error, 110)
