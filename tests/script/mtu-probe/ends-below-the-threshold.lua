-- RFC 4821 7.8: net.ipv4.tcp_probe_threshold is the interval that is not worth a probe: here one wider than
-- from 1064 to 1500 bytes.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2, ["net.ipv4.tcp_probe_threshold"] = 500 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(60000)
for at = 1, 9325, 2072 do
  script.expect((". %d:%d(1036) ack 1"):format(at, at + 1036))
  script.expect(("P. %d:%d(1036) ack 1"):format(at + 1036, at + 2072))
end
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11397(1036) ack 1")
