-- The rate of the first flight is ten segments of the peer's MSS, not of the 536 bytes assumed before, so
-- that small ones leave in pairs (net.ipv4.tcp_min_tso_segs), each with PSH at its end.  Seen on Linux 6.18.
local c = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.inject("+16ms", "S. 0:0(0) ack 1 win 65535 <mss 100,nop,nop,sackOK,nop,wscale 7>")
script.expect(". 1:1(0) ack 1")
c:write(500)
script.expect(". 1:101(100) ack 1")
script.expect("P. 101:201(100) ack 1")
