-- net.ipv4.tcp_pingpong_thresh = 3: only three answers in a row make a connection interactive.
script.host { sysctl = { ["net.ipv4.tcp_pingpong_thresh"] = 3 } }
local c = script.accepted { rtt = "10ms" }
for n = 0, 2 do
  script.inject("+10ms", ("P. %d:%d(100) ack %d win 257"):format(n * 100 + 1, n * 100 + 101, n * 50 + 1))
  script.expect((". %d:%d(0) ack %d"):format(n * 50 + 1, n * 50 + 1, n * 100 + 101))
  c:read(100)
  c:write(50)
  script.expect(("P. %d:%d(50) ack %d"):format(n * 50 + 1, n * 50 + 51, n * 100 + 101))
end
script.inject("+10ms", "P. 301:401(100) ack 151 win 257")
script.silence("20ms")
