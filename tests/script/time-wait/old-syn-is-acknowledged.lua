-- RFC 9293 3.10.7.4: a number of the past.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+1s", "S 0:0(0) win 32792 <mss 1000>")
script.expect(". 2:2(0) ack 2")
