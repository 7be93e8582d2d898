-- RFC 5682 3.1 step 2: only unsent data can tell; without any the lost ones go at once.  Seen on
-- Linux 6.18, which marks what was outstanding as lost.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:3001(1000) ack 1")
script.expect("+240ms", ". 1:1001(1000) ack 1")
script.inject("+57ms", ". 1:1(0) ack 1001 win 257")
script.expect(". 1001:2001(1000) ack 1")
script.expect("P. 2001:3001(1000) ack 1")
expect.equal(c.lost, 2)
expect.equal(c.retrans, 2)
