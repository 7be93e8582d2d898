-- RFC 5927 4: an ICMP message about a segment that is not under way is a forgery or comes late.
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.icmp("fragmentation needed", 500000, 1200)
script.silence("100ms")
expect.equal(c.mss, 1460)
