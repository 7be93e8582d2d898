-- RFC 9293 3.5, figure 7.
local c = script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "S 0:0(0) win 5792 <mss 1460,nop,nop,sackOK,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(c.state, "ESTABLISHED")
