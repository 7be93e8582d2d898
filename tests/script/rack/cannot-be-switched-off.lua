-- net.ipv4.tcp_recovery = 0 has no effect any more (Linux since 6.17, which has no other way to find losses): two
-- segments delivered behind a hole, and a quarter of a round trip, make it a loss.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_recovery"] = 0, ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1") script.expect("P. 2001:3001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:3001>")
script.expect("+9ms~13ms", ". 1:1001(1000) ack 1")
