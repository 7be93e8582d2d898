-- RFC 9768 3.2.3 allows the option of length 2: it tells nothing but that options get through, so ours may be sent.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "W. 1:1(0) ack 1 win 310 <ECN,nop,nop>")
local c = script.accept()
script.inject("+10ms", "[ect0] EAP. 1:701(700) ack 1 win 310")
script.expect("[ect0] EA. 1:1(0) ack 701 <ECN e1b 1 ceb 0 e0b 701,nop>")
