-- RFC 5961 7, net.ipv4.tcp_challenge_ack_limit: of three connections that are asked within a second two answer.
script.host { sysctl = { ["net.ipv4.tcp_challenge_ack_limit"] = 2 } }
script.listen()
for port = 40001, 40003 do
  script.port(port)
  script.inject("S 0:0(0) win 32792 <mss 1000>")
  script.expect("S. 0:0(0) ack 1 <...>")
  script.inject("+1ms", ". 1:1(0) ack 1 win 257")
end
script.sleep("1s")
local answers = 0
for port = 40001, 40003 do
  script.port(port)
  script.inject("R 5:5(0)")
  if port < 40003 then script.expect(". 1:1(0) ack 1") else script.silence("50ms") end
end
