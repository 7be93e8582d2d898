-- The FIN is out, and even acknowledged: close() resets all the same.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", linger = 0 }
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+3ms", ". 1:1(0) ack 2 win 257")
script.sleep("2ms")
c:close()
script.expect("R. 2:2(0) ack 1")
script.silence("1s")
