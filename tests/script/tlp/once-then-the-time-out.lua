local c = script.accepted { rtt = "50ms" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("+102ms", "P. 1001:2001(1000) ack 1")
script.expect("+250ms", ". 1:1001(1000) ack 1")
