-- net.ipv4.tcp_stdurg: RFC 1122 4.2.2.4 wanted the pointer at the last urgent byte itself.
script.host { sysctl = { ["net.ipv4.tcp_stdurg"] = 1 } }
local c = script.accepted { rtt = "10ms" }
script.inject("PU. 1:6(5) ack 1 win 257 urg 3")
script.expect(". 1:1(0) ack 6")
expect.equal(c:read(10), 3)
expect.equal(c:read(10), 1)
