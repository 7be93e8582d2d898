-- TCP_DELACK_MAX_US: an ACK waits no longer.  Seen on Linux 6.18.
local c = script.accepted { delack_max = 12 }
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect("+12ms", ". 1:1(0) ack 101")
