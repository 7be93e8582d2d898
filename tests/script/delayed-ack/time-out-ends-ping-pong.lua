-- Linux (tcp_delack_timer_handler()): an ACK that waited for an answer in vain says that the connection is not interactive
-- after all: the quick ACKs that a young one had left go on.
local c = script.accepted { rtt = "10ms" }
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect("+40ms~48ms", ". 1:1(0) ack 101")
script.inject("+10ms", "P. 101:201(100) ack 1 win 257")
script.expect(". 1:1(0) ack 201")
