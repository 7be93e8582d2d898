local c = script.accepted { rtt = "10ms", cork = true }
c:write(100)
script.silence("150ms")
c:set { cork = false }
script.expect("P. 1:101(100) ack 1")
