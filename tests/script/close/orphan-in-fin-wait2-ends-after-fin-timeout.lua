-- net.ipv4.tcp_fin_timeout = 60 s; after that nobody knows the connection.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.silence("61s")
script.inject("F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
