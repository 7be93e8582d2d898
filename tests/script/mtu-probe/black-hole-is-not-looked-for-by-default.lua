-- net.ipv4.tcp_mtu_probing is 0 in Linux: whatever is lost, segments keep their size.
script.tolerance("20ms")
local c = script.accepted { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 511, cc = "reno" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
for _ = 1, 8 do script.expect("+80ms~30s", "P. 1:1461(1460) ack 1") end
expect.equal(c.mss, 1460)
