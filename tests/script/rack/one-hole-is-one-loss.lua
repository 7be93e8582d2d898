-- RFC 8985 6.2: what was sent before delivered data is lost, and nothing else; it is sent again at once.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(12000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:10001>")
script.expect(". 1:1001(1000) ack 1")
expect.equal(c.lost, 1)
expect.equal(c.retrans, 1)
