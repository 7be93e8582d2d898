-- RFC 2525 2.17, RFC 9293 3.6: data would be lost, so the peer is told.
local c = script.accepted()
script.inject("+10ms", "P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001")
c:close()
script.expect("R. 1:1(0) ack 1001")
