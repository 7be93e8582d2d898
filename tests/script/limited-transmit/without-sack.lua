-- RFC 3042 2: the first two duplicate ACKs.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,nop,wscale 7" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 11001:12001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
