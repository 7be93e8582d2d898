-- RFC 8985 6.2: the segment sent before a delivered one is late by more than a quarter of the RTT.
local c = script.accepted { rtt = "40ms" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.expect("+12ms", ". 1:1001(1000) ack 1")
