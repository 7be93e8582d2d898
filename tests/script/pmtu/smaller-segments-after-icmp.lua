-- RFC 1191: what was too large goes again in pieces at once.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.icmp("fragmentation needed", 1, 1200)
expect.equal(c.mss, 1160)
script.expect(". 1:1161(1160) ack 1")
script.expect("P. 1161:1461(300) ack 1")
