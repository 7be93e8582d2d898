-- shutdown(2) may be called again; the FIN goes once.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms" }
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.sleep("5ms")
c:shutdown()
script.silence("5ms")
script.inject(". 1:1(0) ack 2 win 257")
script.silence("1s")
