-- RFC 8985 7.2: the probe's timer starts again with each ACK of new data: 2 * 50 + 2 ms behind the last one.
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 2001 win 257")
script.silence("90ms")
script.expect("+12ms~20ms", "P. 3001:4001(1000) ack 1")
