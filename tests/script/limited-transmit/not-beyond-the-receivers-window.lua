-- RFC 3042 2: only if the receiver's window has room; here ten segments fill it.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", win = 79 }
c:write(20000)
script.expect("P. 1:6001(3*2*1000) ack 1")
script.expect("P. 6001:7001(1000) ack 1")
script.expect("P. 7001:9001(2*1000) ack 1")
script.expect(". 9001:10001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 79 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 1 win 79 <nop,nop,sack 1001:3001>")
script.silence("5ms")
