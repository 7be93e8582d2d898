-- RFC 7323 4.3.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257 <nop,nop,TS val 1020 ecr 100>")
script.expect(". 1:1(0) ack 1001 <nop,nop,TS val 120 ecr 1020>")
