-- RFC 2883 4: a FIN that waits for a hole and comes again is a duplicate, too, be it alone or with
-- the data before it.  Seen on Linux 6.18.
script.accepted()
script.inject("F. 101:101(0) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 101:102>")
script.inject("+10ms", "F. 101:101(0) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 101:102 101:102>")
script.inject("+10ms", "FP. 51:101(50) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 101:102 51:102>")
script.inject("+10ms", "FP. 51:101(50) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 51:102 51:102>")
script.inject("+10ms", "P. 1:51(50) ack 1 win 257")
script.expect(". 1:1(0) ack 102")
