-- net.ipv4.tcp_recovery = 3: with bit 2 the needless retransmission does not widen the reordering window.
script.host { sysctl = { ["net.ipv4.tcp_recovery"] = 3, ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
local function burst(from, n) c:write(n * 1000) for i = 0, n - 1 do script.expect(((i % 2 == 1 or i == n - 1) and "P" or "") .. (". %d:%d(1000) ack 1"):format(from + i * 1000, from + 1000 + i * 1000)) end end
burst(1, 4)
-- The second segment comes before the first: reordering.
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 4001 win 257")
-- The next ones are further apart: one goes again for nothing after 10 ms.
burst(4001, 2)
script.inject("+42ms", ". 1:1(0) ack 4001 win 257 <nop,nop,sack 5001:6001>")
script.expect("+9ms~14ms", ". 4001:5001(1000) ack 1")
script.inject("+5ms", ". 1:1(0) ack 6001 win 257")
script.inject("+40ms", ". 1:1(0) ack 6001 win 257 <nop,nop,sack 4001:5001>")
burst(6001, 2)
script.inject("+42ms", ". 1:1(0) ack 6001 win 257 <nop,nop,sack 7001:8001>")
script.expect("+9ms~14ms", ". 6001:7001(1000) ack 1")
