-- The ACK that covers the segment sent again says as well that this was needless (RFC 2883 4, RFC
-- 3708): the window is what it was.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
expect.equal(c.cwnd, 1)
script.inject("+58ms", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 1:1001>")
expect.equal(c.cwnd, 10)
expect.equal(c.ssthresh > 100, true)
