-- RFC 9937 6.2: seven of ten are lost at once, so that less is in flight than the threshold of 5.  The three delivered ones
-- allow three retransmissions, not five (reduction bound); an ACK that advances and finds no new loss allows one more
-- than it delivers (slow start bound).
local c = script.accepted { rtt = "40ms", cc = "reno", win = 500 }
c:write(30000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 500 <nop,nop,sack 7001:10001>")
expect.equal(c.lost, 7)
script.expect("P. 1:2001(2*1000) ack 1")
script.expect(". 2001:3001(1000) ack 1")
script.silence("20ms")
script.inject("+20ms", ". 1:1(0) ack 1001 win 500 <nop,nop,sack 7001:10001>")
script.expect(". 3001:5001(2*1000) ack 1")
script.silence("1ms")
