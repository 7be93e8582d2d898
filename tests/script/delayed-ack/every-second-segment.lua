-- RFC 5681 4.2, when the quick-ACK phase is over.
local c = script.accepted { offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
c:quickack(false)
script.inject("+10ms", ". 1:1461(1460) ack 1 win 257")
script.silence("5ms")
script.inject(". 1461:2921(1460) ack 1 win 257")
script.expect(". 1:1(0) ack 2921")
