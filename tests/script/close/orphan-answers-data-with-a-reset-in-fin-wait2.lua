-- RFC 1122 4.2.2.13 in the state that is kept of an orphan: data, even with its FIN, finds no reader.
local c = script.accepted { rtt = "10ms" }
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+10ms", "FP. 1:101(100) ack 2 win 257")
script.expect("R 2:2(0)")
script.inject("+10ms", "F. 101:101(0) ack 2 win 257")
script.expect("R 2:2(0)")
