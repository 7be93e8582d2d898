-- TCP_CORK (tcp(7)): there is a ceiling of 200 ms on the time for which it holds data back.
local c = script.accepted { rtt = "10ms", cork = true }
c:write(100)
script.silence("190ms")
script.expect("+10ms~30ms", "P. 1:101(100) ack 1")
