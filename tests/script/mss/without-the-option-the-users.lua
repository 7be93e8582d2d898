-- RFC 9293 3.7.1 assumes 536 of a peer that says nothing; who set TCP_MAXSEG knows better, as seen by Linux 6.18.
local c = script.connect { mss = 1200, cc = "reno" }
script.expect("S 0:0(0) <mss 1200,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 30000")
script.expect(". 1:1(0) ack 1")
c:write(1500)
script.expect(". 1:1201(1200) ack 1")
