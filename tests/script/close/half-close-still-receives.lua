-- RFC 9293 3.6: after our FIN the peer's data is taken and acknowledged.
local c = script.accepted()
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2 win 257")
script.inject("+10ms", "P. 1:1001(1000) ack 2 win 257")
script.expect(". 2:2(0) ack 1001")
expect.equal(c:read(2000), 1000)
