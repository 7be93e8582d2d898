-- RFC 9768 3.2.3.2.3: the same data comes a third time though its ACK carried the option: such ACKs
-- do not get through, and go without it from now on.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
script.inject("+50ms", "[ect0] EAP. 1:701(700) ack 1 win 290 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.expect("[ect0] EA. 1:1(0) ack 701 <ECN e1b 1 ceb 0 e0b 701,nop>")
c:read(700)
script.inject("+50ms", "[ect0] EAP. 1:701(700) ack 1 win 290 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.expect("[ect0] EA. 1:1(0) ack 701 <ECN e1b 1 ceb 0 e0b 1401,nop,nop,nop,sack 1:701>")
script.inject("+50ms", "[ect0] EAP. 1:701(700) ack 1 win 290 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.expect("[ect0] EA. 1:1(0) ack 701 <nop,nop,sack 1:701>")
script.inject("+50ms", "[ect0] EAP. 701:1401(700) ack 1 win 290 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.expect("[ect0] EA. 1:1(0) ack 1401")
