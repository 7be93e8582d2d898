-- Linux 6.18, observed: close() throws away what was received in order, not what waits for a hole; that is
-- reported further on (SACK), as the peer may still fill the hole.
local c = script.accepted { rtt = "40ms", cc = "reno" }
script.inject(". 101:201(100) ack 1 win 257")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 101:201>")
c:close()
script.expect("F. 1:1(0) ack 1 <nop,nop,sack 101:201>")
script.inject("+40ms", ". 201:201(0) ack 1 win 257")
script.expect("+200ms", "F. 1:1(0) ack 1 <nop,nop,sack 101:201>")
