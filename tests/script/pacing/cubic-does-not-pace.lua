-- Linux: an algorithm that does not ask for it is not paced (without SO_MAX_PACING_RATE or the fq queue): ten segments
-- and the twenty that their ACK allows leave in one go.
local c = script.accepted { rtt = "100ms", cc = "cubic", win = 512, sndbuf = 100000 }
c:write(40000)
script.tolerance("2ms")
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 512")
script.expect("P. 10001:30001(10*2*1000) ack 1")
script.silence("1ms")
