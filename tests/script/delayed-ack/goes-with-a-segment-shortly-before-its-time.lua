-- Linux (tcp_send_delayed_ack()): when data comes while an ACK waits that would go within a quarter of the time-out, the
-- ACK goes at once, for both: 32 ms of 40 have passed.  At 15 ms it goes on waiting.
local c = script.accepted { rtt = "100ms" }
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.inject("+15ms", "P. 101:201(100) ack 1 win 257")
script.silence("5ms")
script.inject("+12ms", "P. 201:301(100) ack 1 win 257")
script.expect(". 1:1(0) ack 301")
