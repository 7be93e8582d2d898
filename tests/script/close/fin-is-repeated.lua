-- RFC 6298: like data.
local c = script.accepted { rtt = "10ms", offer = "mss 1000" , win = 5000 }
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.expect("+210ms", "F. 1:1(0) ack 1")
script.expect("+420ms", "F. 1:1(0) ack 1")
