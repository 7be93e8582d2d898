-- TCP_QUICKACK (tcp(7)): an ACK that waits for an answer of the application goes as soon as the option is set, if the
-- application has read everything.
local c = script.accepted { rtt = "10ms" }
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
c:read(100)
script.silence("10ms")
c:quickack(true)
script.expect(". 1:1(0) ack 101")
