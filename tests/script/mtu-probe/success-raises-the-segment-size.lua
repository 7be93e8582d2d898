-- RFC 4821 7.2, 7.6.2, as a Linux 6.18 host has been seen to do: it begins at tcp_base_mss (1024, and
-- 12 for the timestamps that it still hoped for), and the probe's datagram is half-way to 1500 bytes:
-- (1076 + 1500) / 2 less headers in the first segment after the handshake, where no timestamps were
-- agreed to (1064 + 1500).  The window shrinks to the same number of bytes: 20 * 1076 / 1282 + 1.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
expect.equal(c.mss, 1036)
c:write(60000)
script.expect("P. 1:10361(5*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11603(1242) ack 1")
script.expect("P. 11603:30251(9*2*1036) ack 1")
expect.equal(c.cwnd, 19, "the probe takes the place of two packets")
script.inject("+40ms", ". 1:1(0) ack 12639 win 511")
expect.equal(c.mss, 1242)
expect.equal(c.cwnd, 17)
-- The next one is half-way between 1282 and 1500.
script.inject("+40ms", ". 1:1(0) ack 22879 win 511")
script.expect(". 30251:31602(1351) ack 1")
script.expect(". 31602:32844(1242) ack 1")
