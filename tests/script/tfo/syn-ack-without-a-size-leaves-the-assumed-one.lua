-- A SYN that asks for a cookie assumes that segments may be as large as those offered, and a SYN-ACK without the MSS
-- option leaves it at that (Linux 6.18); an ordinary SYN would make it 536 (RFC 9293 3.7.1).
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 30000")
script.expect(". 1:1(0) ack 1")
expect.equal(c.mss, 1460)
