-- The peer's FIN was sent before its ACK of ours and arrives after it: an old ACK, but the FIN counts
-- (RFC 9293 3.10.7.4).
local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 2:2(0) ack 2 win 257")
script.inject("F. 1:1(0) ack 1 win 257")
script.expect(". 2:2(0) ack 2")
