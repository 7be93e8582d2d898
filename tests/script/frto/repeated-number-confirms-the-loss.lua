-- RFC 5682 3.1 step 3b: the second ACK after the time-out acknowledges nothing, so the losses were
-- real; the window stays what it was, and the retransmission that is missing is lost again.  Seen on
-- Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:3001(1000) ack 1")
script.expect("+240ms", ". 1:1001(1000) ack 1")
script.inject("+57ms", ". 1:1(0) ack 1001 win 257")
script.expect(". 1001:2001(1000) ack 1") script.expect("P. 2001:3001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1001 win 257 <nop,nop,sack 2001:3001>")
expect.equal(c.cwnd, 1)
expect.equal(c.ssthresh, 2)
expect.equal(c.undos, 0)
