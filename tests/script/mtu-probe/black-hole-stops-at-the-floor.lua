-- net.ipv4.tcp_mtu_probe_floor: smaller than that segments do not become.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 1, ["net.ipv4.tcp_mtu_probe_floor"] = 400 } }
script.tolerance("20ms")
local c = script.accepted { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 511, cc = "reno" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.expect("+200ms~300ms", "P. 1:1461(1460) ack 1")
for _ = 1, 3 do script.expect("+200ms~2s", "P. 1:1461(1460) ack 1") end
script.expect("+1900ms~2s", ". 1:1025(1024) ack 1")
script.expect("+3840ms", ". 1:513(512) ack 1")
script.expect("+7680ms", ". 1:401(400) ack 1")
script.expect("+15360ms", ". 1:401(400) ack 1")
