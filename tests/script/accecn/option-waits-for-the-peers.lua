-- RFC 9768 3.2.3: the option is sent once one was received.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+50ms", "SW. 0:0(0) ack 1 win 31000 <mss 1460,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] W. 1:1(0) ack 1")
c:write(700)
script.expect("[ect0] EAP. 1:701(700) ack 1")
script.inject("+50ms", "[ect0] EAP. 1:1(0) ack 701 win 275 <ECN e0b 701 ceb 0 e1b 1,nop>")
c:write(700)
script.expect("[ect0] EAP. 701:1401(700) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
