-- RFC 9937: above ssthresh, sending is to delivery as ssthresh to the window: 5 of 10.  Three
-- delivered allow two (rounded up), four two as well, five three.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.expect(". 10001:11001(1000) ack 1")
script.inject("+2ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:5001>")
script.silence()
script.inject("+2ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:6001>")
script.expect(". 11001:12001(1000) ack 1")
