-- RFC 5681 3.1: if the SYN or its answer was lost the window begins with one segment; Linux takes more than one
-- retransmission for that.
local c = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.cwnd, 1)
c:write(3000)
script.expect(". 1:1001(1000) ack 1")
script.silence("50ms")
