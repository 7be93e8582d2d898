-- RFC 8985 6.2 step 4: segments come out of order, and a retransmission was needless: the reordering window is two
-- quarters of the least round trip from then on: 20 ms here.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
-- The second segment comes before the first: reordering.
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 4001 win 257")
-- The next ones are further apart: one goes again for nothing after 10 ms.
c:write(2000)
script.expect("P. 4001:6001(2*1000) ack 1")
script.inject("+42ms", ". 1:1(0) ack 4001 win 257 <nop,nop,sack 5001:6001>")
script.expect("+9ms~14ms", ". 4001:5001(1000) ack 1")
script.inject("+5ms", ". 1:1(0) ack 6001 win 257")
script.inject("+40ms", ". 1:1(0) ack 6001 win 257 <nop,nop,sack 4001:5001>")
c:write(2000)
script.expect("P. 6001:8001(2*1000) ack 1")
script.inject("+42ms", ". 1:1(0) ack 6001 win 257 <nop,nop,sack 7001:8001>")
script.silence("15ms")
script.expect("+3ms~8ms", ". 6001:7001(1000) ack 1")
