-- CWR asks for an ACK at once.  It counts when the ACK field is read: what that sends again is the
-- ACK, and the data that came along is acknowledged as usual, later.  Seen on Linux 6.18.
script.listen { cc = "reno" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+40ms", ". 1:1(0) ack 1 win 500")
local c = script.accept()
script.inject("[ect0] P. 1:101(100) ack 1 win 500")
script.expect(". 1:1(0) ack 101")
c:write(10000)
script.expect("[ect0] P. 1:10001(5*2*1000) ack 101")
script.inject("+40ms", ". 101:101(0) ack 1 win 500 <nop,nop,sack 7001:10001>")
script.expect("[noecn] P. 1:2001(2*1000) ack 101")
script.expect("[noecn] . 2001:3001(1000) ack 101")
script.inject("+20ms", "[ect0] PW. 101:201(100) ack 1001 win 500 <nop,nop,sack 7001:10001>")
script.expect("[noecn] . 3001:5001(2*1000) ack 101")
script.silence("20ms")
script.expect("+20ms", ". 10001:10001(0) ack 201")
