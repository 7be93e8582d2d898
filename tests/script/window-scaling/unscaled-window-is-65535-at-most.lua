-- RFC 7323 2.3: without window scaling no more than 65,535 bytes can be offered, whatever the buffer: Linux offers whole
-- segments of 1,460.
script.listen { rcvbuf = 1000000 }
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK>")
script.expect("S. 0:0(0) ack 1 win 65535 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
local c = script.accept()
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 1001 win 65535")
