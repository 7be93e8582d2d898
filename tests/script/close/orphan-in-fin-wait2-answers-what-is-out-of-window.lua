-- RFC 9293 3.10.7.4: out of the window it is answered by an ACK, and the state stays; one in half a second (Linux:
-- net.ipv4.tcp_invalid_ratelimit), counted if there are more.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+10ms", ". 200001:200001(0) ack 2 win 257")
script.expect(". 2:2(0) ack 1")
script.inject("+10ms", ". 200001:200001(0) ack 2 win 257")
script.silence("5ms")
expect.equal(host:counters().TcpExtTCPACKSkippedFinWait2, 1)
script.inject("+600ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
