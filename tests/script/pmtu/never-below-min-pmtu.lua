-- net.ipv4.route.min_pmtu = 552: whatever a router says, segments have 512 bytes (and may be cut by it).
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.icmp("fragmentation needed", 1, 100)
expect.equal(c.mss, 512)
script.expect(". 1:513(512) ack 1")
script.expect("P. 513:1001(488) ack 1")
