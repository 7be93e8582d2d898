-- SO_RCVBUF before the handshake: half of what it is doubled to is window, in whole segments, of the SYN-ACK already.
local c
script.listen { rcvbuf = 5000 }
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK>")
script.expect("S. 0:0(0) ack 1 win 4380 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 3000")
c = script.accept()
expect.equal(c.rcvbuf, 10000)
