local c = script.accepted { rtt = "100ms" }
c:write(100)
script.expect("P. 1:101(100) ack 1")
c:write(1200)
script.expect(". 101:1101(1000) ack 1")
script.silence("50ms")
