-- RFC 2018 8: what was SACKed may be thrown away. The ACK that ends in front of a SACKed segment shows that: Linux waits
-- for half a round trip, 10 ms at least, and takes everything for lost.
local host = script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(4000)
script.expect("P. 1:4001(2*2*1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1001 win 257")
script.expect("+10ms~30ms", ". 1001:2001(1000) ack 1")
expect.equal(host:counters().TcpExtTCPSACKReneging, 1)
