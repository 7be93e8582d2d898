-- RFC 4821 7.4: a probe is only sent with data behind it whose duplicate ACKs would tell of its loss;
-- Linux wants tcp_reordering + 1 segments.  1242 + 4 * 1036 = 5386: a byte less does not do.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(10360 + 5385)
for at = 1, 9325, 2072 do
  script.expect((". %d:%d(1036) ack 1"):format(at, at + 1036))
  script.expect(("P. %d:%d(1036) ack 1"):format(at + 1036, at + 2072))
end
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11397(1036) ack 1")
