-- RFC 2018 4 has the latest first, so blocks are not sorted by number: all of them count, and both holes go again.
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 8001:10001 3001:5001 1001:2001>")
expect.equal(c.sacked, 5)
script.expect(". 1:1001(1000) ack 1")
script.expect(". 2001:3001(1000) ack 1")
script.expect(". 5001:6001(1000) ack 1")
expect.equal(c.lost, 5)
