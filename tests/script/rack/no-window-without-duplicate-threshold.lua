-- net.ipv4.tcp_recovery bit 4 (RACK_NO_DUPTHRESH): three SACKed segments are no proof; the quarter of a round trip
-- passes first.
script.host { sysctl = { ["net.ipv4.tcp_recovery"] = 5 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:5001>")
script.silence("5ms")
script.expect("+4ms~9ms", ". 1:1001(1000) ack 1")
