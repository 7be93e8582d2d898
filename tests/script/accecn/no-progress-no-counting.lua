-- RFC 9768 3.2.2.5: an ACK that acknowledges nothing may be old, its counters are not believed.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 32792 <mss 1050,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 264 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
c:write(1000)
script.expect("[ect0] EAP. 1:1001(1000) ack 1 <...>")
script.inject("+50ms", "[ect0] WA. 1:1(0) ack 1 win 264 <ECN e0b 1 ceb 1000 e1b 1,nop>")
expect.equal(c.delivered_ce, 0)
expect.equal(c.delivered_ce_bytes, 0)
