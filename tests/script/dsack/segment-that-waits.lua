-- RFC 2883 4.1.2: the duplicate first, then the block it lies in.
script.accepted()
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001>")
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001 1001:2001>")
