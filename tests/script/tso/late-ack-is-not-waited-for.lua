-- A super-segment waits for more room only when the next ACK is due within a millisecond and half a
-- round trip (tcp_tso_should_defer()).  Here it is due in 35 ms.  Seen on Linux 6.18.
local c = script.accepted { rtt = "100ms", win = 64, cc = "reno" }
c:write(30000)
script.expect("P. 1:8001(4*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 1001 win 64")
script.expect(". 8001:9001(1000) ack 1")
script.expect("P. 9001:9193(192) ack 1")
script.inject("+65ms", ". 1:1(0) ack 8001 win 33")
script.expect(". 9193:10193(1000) ack 1")
script.expect("P. 10193:11193(1000) ack 1")
script.expect(". 11193:12193(1000) ack 1")
