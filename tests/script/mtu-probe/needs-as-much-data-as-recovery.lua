-- RFC 4821 7.4: a probe is only sent with data behind it whose duplicate ACKs would tell of its loss;
-- Linux wants tcp_reordering + 1 segments.  1242 + 4 * 1036 = 5386: a byte less does not do.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(10360 + 5385)
script.expect("P. 1:10361(5*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11397(1036) ack 1")
