-- Linux probes only with a congestion window of 11 packets or more; the initial one has 10 (RFC 6928).
-- A probe that is lost must be found by duplicate ACKs, and costs the place of two packets.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(60000)
script.expect("P. 1:10361(5*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 1037 win 511")
script.expect(". 10361:11603(1242) ack 1")
expect.equal(c.cwnd, 10, "11, less the one that the probe stands for")
script.silence("10ms")
