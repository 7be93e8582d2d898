-- Linux (reqsk_timer_handler()): when a SYN queue is more than half full of old requests, their SYN-ACKs are repeated
-- fewer times, so that they make room; one alone has five repetitions.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 0 } }
script.listen { backlog = 8 }
for port = 40001, 40006 do
  script.port(port)
  script.inject("S 0:0(0) win 32792 <mss 1000>")
  script.expect("S. 0:0(0) ack 1 <...>")
  if port == 40001 then script.sleep("600ms") end
end
script.port(40001)
script.expect("+400ms", "S. 0:0(0) ack 1 <...>")
script.expect("+2s", "S. 0:0(0) ack 1 <...>")
script.silence("20s")
