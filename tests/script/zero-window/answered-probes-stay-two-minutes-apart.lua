-- RFC 9293 3.8.6.1: the interval grows, in Linux up to net.ipv4.tcp_rto_max_ms; answers that keep the window closed do
-- not begin it anew.
script.host { sysctl = { ["net.ipv4.tcp_rto_max_ms"] = 1000 } }
local c = script.accepted { rtt = "10ms" }
script.inject(". 1:1(0) ack 1 win 0")
c:write(1000)
for _, d in ipairs { 210, 420, 840, 1000, 1000, 1000 } do
  script.expect(d / 1000, ". 0:0(0) ack 1")
  script.inject(". 1:1(0) ack 1 win 0")
end
