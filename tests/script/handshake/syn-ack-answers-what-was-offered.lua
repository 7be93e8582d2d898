-- RFC 7323 2.2, 3.2: no timestamps unless the SYN has them.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
