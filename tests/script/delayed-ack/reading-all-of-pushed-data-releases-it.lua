-- Linux (tcp_cleanup_rbuf()): two pushed segments that were read to the end of the queue are acknowledged by the reading,
-- before the delay is over, as the sender may have no more to send.  One alone waits in ping-pong mode.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
script.inject("+10ms", ". 1:1461(1460) ack 1 win 257")
script.expect(". 1:1(0) ack 1461")
c:read(1460)
c:quickack(false)
script.inject("+1ms", "P. 1461:1561(100) ack 1 win 257")
script.inject("+1ms", "P. 1561:1661(100) ack 1 win 257")
script.silence("2ms")
c:read(200)
script.expect(". 1:1(0) ack 1661")
script.inject("+1ms", "P. 1661:1761(100) ack 1 win 257")
c:read(100)
script.silence("10ms")
