-- RFC 1122 4.2.2.13.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "P. 1:1001(1000) ack 2 win 257")
script.expect("R 2:2(0)")
