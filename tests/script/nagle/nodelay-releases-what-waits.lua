local c = script.accepted { rtt = "100ms" }
c:write(100)
script.expect("P. 1:101(100) ack 1")
c:write(100)
script.silence("20ms")
c:set { nodelay = true }
script.expect("P. 101:201(100) ack 1")
