-- SO_KEEPALIVE of an open connection: the time counts from what was heard last, 3 s before.
local c = script.accepted { rtt = "10ms", keepidle = 10, keepintvl = 5 }
script.sleep("3s")
c:set { keepalive = true }
script.silence("6s")
script.expect("+1s~4s", ". 0:0(0) ack 1")
