-- RFC 9293 3.10.7.4: the retransmitted FIN is acknowledged, and the 2 MSL time-out restarts: sixty seconds from there.
local c = script.accepted { rtt = "10ms" }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+40s", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+50s", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+69s", "F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
