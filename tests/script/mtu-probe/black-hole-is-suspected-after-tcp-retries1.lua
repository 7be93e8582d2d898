-- RFC 1122 4.2.3.5's R1, net.ipv4.tcp_retries1 = 1: (2 << 1) - 1 = 3 times 200 ms from the first retransmission: the third
-- time-out, 1.26 s from there, is the first one past that, and tries smaller segments (net.ipv4.tcp_mtu_probing = 1).
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 1, ["net.ipv4.tcp_retries1"] = 1, ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", cc = "reno" }
c:write(1460)
script.expect("P. 1:1461(1460) ack 1")
script.expect("+210ms", "P. 1:1461(1460) ack 1")
script.expect("+420ms", "P. 1:1461(1460) ack 1")
script.expect("+840ms", ". 1:1025(1024) ack 1")
