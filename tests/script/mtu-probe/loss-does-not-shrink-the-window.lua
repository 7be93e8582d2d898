-- RFC 4821 7.6.3: a lost probe says that it was too large, not that there is congestion.  As a Linux
-- 6.18 host has been seen to do: its bytes go again in pieces, the window of 20 packets stays.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(60000)
script.expect("P. 1:10361(5*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11603(1242) ack 1")
script.expect("P. 11603:30251(9*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10361 win 511 <nop,nop,sack 11603:15747>")
script.expect(". 10361:11397(1036) ack 1")
script.expect("P. 11397:11603(206) ack 1")
script.expect("P. 30251:34395(2*2*1036) ack 1")
expect.equal(c.cwnd, 20)
expect.equal(c.mss, 1036)
script.inject("+40ms", ". 1:1(0) ack 16783 win 511")
expect.equal(c.cwnd, 23)
