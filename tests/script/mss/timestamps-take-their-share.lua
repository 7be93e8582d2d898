-- RFC 6691: the option counts without the options, which each segment pays for: 1000 - 12.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
local c = script.accept()
expect.equal(c.mss, 988)
c:write(988)
script.expect("P. 1:989(988) ack 1 <nop,nop,TS val 110 ecr 1010>")
