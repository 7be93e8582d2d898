-- RFC 4821 7.7, as a Linux 6.18 host has been seen to do with tcp_mtu_probing = 1: when nothing has been
-- acknowledged for the time of tcp_retries1 time-outs (3 s from the first retransmission), segments are
-- of tcp_base_mss, and half as large with each time-out from then on.
script.host { sysctl = { ["net.ipv4.tcp_mtu_probing"] = 1 } }
script.tolerance("20ms")
local c = script.accepted { rtt = "40ms", offer = "mss 1460,sackOK,nop,nop,nop,wscale 7", win = 511, cc = "reno" }
expect.equal(c.mss, 1460)
c:write(3000)
script.expect(". 1:1461(1460) ack 1")
script.expect("P. 1461:2921(1460) ack 1")
script.expect("P. 2921:3001(80) ack 1")
script.expect("+80ms~90ms", "P. 2921:3001(80) ack 1") -- the tail loss probe
script.expect("+200ms~250ms", ". 1:1461(1460) ack 1")
script.expect("+480ms", ". 1:1461(1460) ack 1")
script.expect("+960ms", ". 1:1461(1460) ack 1")
script.expect("+1920ms", ". 1:1025(1024) ack 1")
script.expect("+3840ms", ". 1:513(512) ack 1")
script.expect("+7680ms", ". 1:257(256) ack 1")
script.inject("+40ms", ". 1:1(0) ack 257 win 511")
expect.equal(c.mss, 256)
