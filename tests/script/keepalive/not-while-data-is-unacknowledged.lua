-- RFC 1122 4.2.3.6: probes are for idle connections; here the retransmissions ask already.  Seen on
-- Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", keepalive = true, keepidle = 1, keepintvl = 1, keepcnt = 2 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
for _, d in ipairs { 240, 480, 960, 1920 } do script.expect(d / 1000, "P. 1:1001(1000) ack 1") end
