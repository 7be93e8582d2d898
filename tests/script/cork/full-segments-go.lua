local c = script.accepted { rtt = "10ms", cork = true }
c:write(1100)
script.expect(". 1:1001(1000) ack 1")
script.silence("100ms")
