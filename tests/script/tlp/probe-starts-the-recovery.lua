-- RFC 8985 7.1: the probe's SACK tells of the losses before it, which go again without a time-out.
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1") script.expect("P. 2001:3001(1000) ack 1")
script.expect("+102ms", "P. 2001:3001(1000) ack 1")
script.inject("+55ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 2001:3001>")
script.expect(". 1:1001(1000) ack 1")
