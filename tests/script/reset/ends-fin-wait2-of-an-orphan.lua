-- RFC 9293 3.10.7.4: the peer resets what is half closed; nobody knows it afterwards.
local c = script.accepted { rtt = "10ms" }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+10ms", "R. 1:1(0) ack 2 win 0")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
