-- TCP_KEEPIDLE of a connection that asks already: the silence so far counts.
local c = script.accepted { rtt = "10ms", keepalive = true, keepidle = 100, keepintvl = 5 }
script.sleep("3s")
c:set { keepidle = 5 }
script.expect("+2s", ". 0:0(0) ack 1")
