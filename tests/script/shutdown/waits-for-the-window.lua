-- The FIN goes behind the data that the window holds back.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 2000 }
c:write(3000)
c:shutdown()
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2001 win 2000")
script.expect("FP. 2001:3001(1000) ack 1")
