-- The peer has closed already: no FIN goes back, a RST does.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", linger = 0 }
script.inject("F. 1:1(0) ack 1 win 257")
script.expect(". 1:1(0) ack 2")
script.sleep("5ms")
c:close()
script.expect("R. 1:1(0) ack 2")
