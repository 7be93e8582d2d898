-- RFC 5681 3.1: behind the threshold the window grows by one segment for each window's worth of acknowledged ones: after
-- a time-out of ten segments it is 5.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_frto"] = 0 } }
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.expect("+210ms", ". 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.cwnd, 2)
script.expect(". 1001:2001(1000) ack 1") script.expect(". 2001:3001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 3001 win 257")
expect.equal(c.cwnd, 4)
script.sleep("1ms")
script.inject("+10ms", ". 1:1(0) ack 5001 win 257")
expect.equal(c.cwnd, 5, "5 is the threshold, and the rest counts one fifth")
script.inject("+1ms", ". 1:1(0) ack 9001 win 257")
expect.equal(c.cwnd, 6, "five more acknowledged make one more")
