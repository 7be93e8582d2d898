-- RFC 8985 7.2: a probe is scheduled only when there is no recovery: with a hole that went again the time-out is next.
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.silence("190ms")
script.expect("+50ms~80ms", ". 1:1001(1000) ack 1")
