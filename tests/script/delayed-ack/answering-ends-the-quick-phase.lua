-- Linux (ping-pong mode, net.ipv4.tcp_pingpong_thresh = 1): a connection whose application answers at once is taken for
-- interactive: the ACK of the next request waits for the answer, 40 ms at most.
local c = script.accepted { rtt = "10ms" }
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect(". 1:1(0) ack 101")
c:read(100)
c:write(50)
script.expect("P. 1:51(50) ack 101")
script.inject("+10ms", "P. 101:201(100) ack 51 win 257")
c:read(100)
script.silence("10ms")
c:write(50)
script.expect("P. 51:101(50) ack 201")
script.inject("+10ms", "P. 201:301(100) ack 101 win 257")
c:read(100)
script.expect("+40ms", ". 101:101(0) ack 301")
