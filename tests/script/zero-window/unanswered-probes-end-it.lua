-- RFC 1122 4.2.2.17 forbids to give up while probes are answered; without an answer net.ipv4.tcp_retries2 of them are
-- enough.
script.host { sysctl = { ["net.ipv4.tcp_retries2"] = 3 } }
local c = script.accepted { rtt = "10ms" }
script.inject(". 1:1(0) ack 1 win 0")
c:write(1000)
for _, d in ipairs { 210, 420, 840 } do script.expect(d / 1000, ". 0:0(0) ack 1") end
script.silence("1500ms")
expect.equal(c.closed, false)
script.silence("500ms")
expect.equal(c.error, 110)
