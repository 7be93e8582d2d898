-- Linux (tcp_incr_quickack(), TCP_MAX_QUICKACKS): a young connection acknowledges sixteen times at once, if the window has
-- room for twice as many segments; the seventeenth of these small ones waits for more.
script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms" }
local function segment(n) script.inject("+2ms", (". %d:%d(100) ack 1 win 257"):format(1 + n * 100, 101 + n * 100)) end
for n = 0, 15 do
  segment(n)
  script.expect((". 1:1(0) ack %d"):format(101 + n * 100))
  c:read(100)
end
segment(16)
script.silence("10ms")
