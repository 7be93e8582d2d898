-- TCP_LINGER2 (tcp(7)) takes the place of net.ipv4.tcp_fin_timeout: after two seconds nobody knows the closed socket.
local c = script.accepted { rtt = "10ms", linger2 = 2 }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.silence("1500ms")
script.inject(". 1:1(0) ack 2 win 257")
script.silence("1500ms")
script.inject("F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
