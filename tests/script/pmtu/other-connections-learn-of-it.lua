-- RFC 1191 6.3: the path MTU is the host's knowledge.  Linux caches it with the route, and each
-- connection to the destination looks there before it sends; a new one announces no larger segments
-- than fit through either (RFC 9293 3.7.1 has the MTU of the interface; Linux's route has this one).
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.icmp("fragmentation needed", 1, 1200)
script.expect(". 1:1161(1160) ack 1")
script.expect("P. 1161:1461(300) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1461 win 257")
script.connect()
script.expect("S 0:0(0) <mss 1160,sackOK,TS val 100 ecr 0,nop,wscale 10>")
