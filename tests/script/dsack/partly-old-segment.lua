-- RFC 2883 4.2.
script.accepted()
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001")
script.inject("+10ms", "P. 501:1501(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1501 <nop,nop,sack 501:1001>")
