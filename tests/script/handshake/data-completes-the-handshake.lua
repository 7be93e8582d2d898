-- RFC 9293 3.10.7.4: the ACK was lost, the first data acknowledges the SYN-ACK.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001")
expect.equal(script.accept().ready, 1000)
