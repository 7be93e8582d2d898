-- RFC 9293 3.8.6.2.1 (SWS avoidance of the sender): a window of less than a segment is not used; the persist timer's probe
-- overrides it and takes what fits.
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(4000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1") script.expect(". 2001:3001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 3001 win 600")
script.silence("190ms")
script.expect("+20ms", "P. 3001:3601(600) ack 1")
