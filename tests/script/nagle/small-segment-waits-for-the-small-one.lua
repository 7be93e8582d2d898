-- RFC 1122 4.2.3.4 with Minshall's improvement.
local c = script.accepted { rtt = "100ms" }
c:write(100)
script.expect("P. 1:101(100) ack 1")
c:write(100)
script.silence("50ms")
script.inject("+50ms", ". 1:1(0) ack 101 win 257")
script.expect("P. 101:201(100) ack 1")
