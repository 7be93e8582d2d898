-- RFC 9293 3.8.6.1: the peer learns of urgent data that its window keeps back, by the probes.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 2000 }
c:write(2000)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2001 win 0")
c:write(1, "urgent")
script.expect("+200ms~220ms", "U. 2001:2001(0) ack 1 urg 1")
script.expect("U. 2000:2000(0) ack 1 urg 2")
script.inject("+10ms", ". 1:1(0) ack 2001 win 2000")
script.expect("PU. 2001:2002(1) ack 1 urg 1")
