-- RFC 5482 2: a user timeout may be longer than R2: tcp_retries2 = 1 would end it at the second time-out.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_retries2"] = 1 } }
local c = script.accepted { rtt = "10ms", user_timeout = 4000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for _, d in ipairs { 210, 420, 840, 1680 } do script.expect(d / 1000, "P. 1:1001(1000) ack 1") end
script.sleep("900ms")
expect.equal(c.closed, false)
script.silence("400ms")
expect.equal(c.error, 110)
