-- net.ipv4.tcp_frto = 0: what late-acks-undo-the-time-out shows is not noticed.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_frto"] = 0 } }
local c = script.accepted { rtt = "50ms", cc = "reno" }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:3001(1000) ack 1")
script.expect("+250ms", ". 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
expect.equal(c.undos, 0)
expect.equal(c.cwnd, 1)
expect.equal(c.ssthresh, 5)
