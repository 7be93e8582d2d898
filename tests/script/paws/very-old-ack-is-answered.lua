-- RFC 7323 5.3: an ACK whose timestamp is older than a time-out's worth is refused and answered.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 10000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 10000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 10010 ecr 100>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 5000 ecr 100>")
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 120 ecr 10010>")
