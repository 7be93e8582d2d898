-- RFC 5681 3.2.
local c = script.accepted { rtt = "10ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(4000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1") script.expect("P. 3001:4001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.inject(". 1:1(0) ack 1 win 257")
script.silence()
script.inject(". 1:1(0) ack 1 win 257")
script.expect(". 1:1001(1000) ack 1")
