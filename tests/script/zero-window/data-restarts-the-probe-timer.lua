-- Linux 6.18, observed: each ACK that leaves the window closed starts the probe timer anew, also one on
-- data (240 ms is the RTO after a round trip of 40 ms).
local c = script.accepted { rtt = "40ms", win = 0 }
c:write(1000)
script.inject("+100ms", "P. 1:1001(1000) ack 1 win 0")
script.expect(". 1:1(0) ack 1001")
script.expect("+240ms", ". 0:0(0) ack 1001")
