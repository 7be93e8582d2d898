-- RFC 9768 3.2.2.5: an ACK that acknowledges nothing may be old, its counters are not believed.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
c:write(700)
script.expect("[ect0] EAP. 1:701(700) ack 1 <...>")
script.inject("+50ms", "[ect0] WA. 1:1(0) ack 1 win 310 <ECN e0b 1 ceb 700 e1b 1,nop>")
expect.equal(c.delivered_ce, 0)
expect.equal(c.delivered_ce_bytes, 0)
