-- RFC 1122 4.2.3.2, in Linux's form: what counts is that more than one segment's worth of bytes is unacknowledged, with the
-- segment size that was learnt from the peer: three of 400 bytes are less than one of 1,460, a fourth makes it more.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
script.inject("+10ms", ". 1:1461(1460) ack 1 win 257")
script.expect(". 1:1(0) ack 1461")
c:quickack(false)
for i = 0, 2 do script.inject("+1ms", ("P. %d:%d(400) ack 1 win 257"):format(1461 + i * 400, 1861 + i * 400)) end
script.silence("2ms")
script.inject("P. 2661:3061(400) ack 1 win 257")
script.expect(". 1:1(0) ack 3061")
