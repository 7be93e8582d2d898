-- Linux (tcp_measure_rcv_mss()): segments of less than what was learnt lower the size that every second ACK counts by only
-- if two in a row are alike and not pushed: after two of 600 bytes the pair is acknowledged, and each pair after.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
script.inject("+10ms", ". 1:1461(1460) ack 1 win 257")
script.expect(". 1:1(0) ack 1461")
c:quickack(false)
script.inject("+1ms", ". 1461:2061(600) ack 1 win 257")
script.silence("2ms")
script.inject(". 2061:2661(600) ack 1 win 257")
script.expect(". 1:1(0) ack 2661")
script.inject("+1ms", ". 2661:3261(600) ack 1 win 257")
script.silence("2ms")
script.inject(". 3261:3861(600) ack 1 win 257")
script.expect(". 1:1(0) ack 3861")
