-- In FIN_WAIT2, the ACK of a FIN that had waited for a hole leaves while the kernel's queue is as it
-- was, so that its SACK blocks say what its number says, too.  Seen on Linux 6.18.
local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+10ms", "FP. 101:201(100) ack 2 win 257")
script.expect(". 2:2(0) ack 1 <nop,nop,sack 101:202>")
script.inject("+10ms", "P. 1:101(100) ack 2 win 257")
script.expect(". 2:2(0) ack 202 <nop,nop,sack 101:202>")
script.inject("+10ms", "F. 201:201(0) ack 2 win 257")
script.expect(". 2:2(0) ack 202 <...>")
