-- RFC 3168 6.1.2 has CWR on new data; some stacks put it on an ACK, and Linux takes it from there,
-- without an answer.  Seen on Linux 6.18.
script.listen()
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+20ms", ". 1:1(0) ack 1 win 257")
script.accept()
script.inject("[ce] P. 1:101(100) ack 1 win 257")
script.expect("E. 1:1(0) ack 101")
script.inject("+10ms", "W. 101:101(0) ack 1 win 257")
script.silence("10ms")
script.inject("[ect0] P. 101:201(100) ack 1 win 257")
script.expect(". 1:1(0) ack 201")
