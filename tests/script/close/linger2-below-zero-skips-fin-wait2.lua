-- TCP_LINGER2 below 0 (tcp(7)): the closed socket does not wait for the peer's FIN: a reset instead of FIN_WAIT2.
local c = script.accepted { rtt = "10ms", linger2 = -1 }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
