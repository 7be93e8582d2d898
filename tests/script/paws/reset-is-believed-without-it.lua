-- RFC 7323 5.2.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 0>")
local c = script.accept()
script.inject("+10ms", "R. 1:1(0) ack 1 win 257")
expect.equal(c.state, "CLOSED")
