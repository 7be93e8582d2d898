-- RFC 3168 6.1.2: a sender says once that it has reduced its window, so of the segments of one burst the first alone
-- has CWR; PSH and FIN are the last's (Linux: tcp_gso_segment).
script.listen { cc = "reno" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+1ms", ". 1:1(0) ack 1 win 257")
local c = script.accept()
c:write(2000)
script.expect("[ect0] . 1:1001(1000) ack 1")
script.expect("[ect0] P. 1001:2001(1000) ack 1")
script.inject("+1ms", "E. 1:1(0) ack 2001 win 0")
c:write(3000)
c:shutdown()
script.silence("10ms")
script.inject(". 1:1(0) ack 2001 win 257")
script.expect("[ect0] W. 2001:3001(1000) ack 1")
script.expect("[ect0] . 3001:4001(1000) ack 1")
script.expect("[ect0] FP. 4001:5001(1000) ack 1")
