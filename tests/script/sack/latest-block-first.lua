-- RFC 2018 4.
script.accepted()
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 1001:2001>")
script.inject(". 3001:4001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 3001:4001 1001:2001>")
script.inject(". 5001:6001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 5001:6001 3001:4001 1001:2001>")
