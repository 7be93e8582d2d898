-- With TCP_RTO_MIN_US an ACK waits a jiffy less than the time-out, which the peer may have set, too (tcp_delack_max; 16 ms
-- of 20 on Linux 6.18 with jiffies of 4 ms, here they are of 1 ms).
local c = script.accepted { rto_min = 20 }
c:quickack(false)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect("+19ms", ". 1:1(0) ack 101")
