-- RFC 3042.
local c = script.accepted { rtt = "10ms" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:3001>")
script.expect(". 11001:12001(1000) ack 1")
