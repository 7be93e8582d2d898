-- RFC 5682 2.1 step 3a: after the two new segments a duplicate ACK comes: the losses were real, and what is missing goes
-- again.
local host = script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(20000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.expect("+240ms", ". 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
script.expect(". 10001:11001(1000) ack 1") script.expect(". 11001:12001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1001 win 257")
script.expect(". 1001:2001(1000) ack 1")
expect.equal(c.ssthresh, 5)
expect.equal(host:counters().TcpExtTCPSpuriousRTOs, 0)
