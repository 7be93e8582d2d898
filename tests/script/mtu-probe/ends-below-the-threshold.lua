-- RFC 4821 7.8: net.ipv4.tcp_probe_threshold is the interval that is not worth a probe: here one wider than
-- from 1064 to 1500 bytes.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 2, ["net.ipv4.tcp_probe_threshold"] = 500 } }
local c = script.connected { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(60000)
script.expect("P. 1:10361(5*2*1036) ack 1")
script.inject("+40ms", ". 1:1(0) ack 10361 win 511")
script.expect(". 10361:11397(1036) ack 1")
