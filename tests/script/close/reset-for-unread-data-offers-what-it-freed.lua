-- Linux 6.18, observed: the data that nobody read is thrown away before the reset is made, so that its
-- window is a whole segment again (it was 460 before, of a buffer of 4608 bytes).
local c = script.accepted { rtt = "10ms", rcvbuf = 2304 }
script.inject("P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001 win 460")
c:close()
script.expect("R. 1:1(0) ack 1001 win 1000")
