-- RFC 1337 calls it assassination; Linux lets it happen unless tcp_rfc1337 is set.
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+1s", "R 2:2(0)")
script.inject("+1s", "F. 1:1(0) ack 2 win 257")
script.expect("R 2:2(0)")
