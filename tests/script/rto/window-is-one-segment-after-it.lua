-- RFC 5681 3.1: loss window 1, slow start up to half (reno).
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_frto"] = 0 } }
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.expect("+210ms", ". 1:1001(1000) ack 1")
expect.equal(c.cwnd, 1)
expect.equal(c.ssthresh, 5)
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.cwnd, 2)
