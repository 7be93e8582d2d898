-- RFC 9768 3.2.3.2.4: the first counter never begins at zero, however many follow it.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+50ms", "SW. 0:0(0) ack 1 win 31000 <mss 1460,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] W. 1:1(0) ack 1 <...>")
c:write(700)
script.expect("[ect0] EAP. 1:701(700) ack 1 <...>")
script.inject("+50ms", "[ect0] EA. 1:1(0) ack 701 win 310 <ECN e0b 0,nop,nop,nop>")
c:write(700)
script.expect("[ect0] EAP. 701:1401(700) ack 1 <...>")
script.inject("+50ms", "[ect0] EA. 1:1(0) ack 1401 win 310 <ECN e0b 701 ceb 0 e1b 1,nop>")
expect.equal(c.delivered_e0_bytes, 0)
