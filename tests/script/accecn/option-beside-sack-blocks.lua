-- RFC 9768 3.2.3.3: beside SACK blocks the option keeps the fields that changed; here all fit, as
-- there are no timestamps.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
script.inject("+10ms", "[ect1] EAP. 701:1401(700) ack 1 win 310")
script.expect("[ect0] EA. 1:1(0) ack 1 <ECN e1b 701 ceb 0 e0b 1,nop,nop,nop,sack 701:1401>")
script.inject("+10ms", "[ect0] EAP. 2101:2801(700) ack 1 win 310")
script.expect("[ect0] EA. 1:1(0) ack 1 <ECN e1b 701 ceb 0 e0b 701,nop,nop,nop,sack 2101:2801 701:1401>")
script.inject("+10ms", "[ce] EAP. 3501:4201(700) ack 1 win 310")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 701 ceb 700 e0b 701,nop,nop,nop,sack 3501:4201 2101:2801 701:1401>")
script.inject("+10ms", "[ect0] EAP. 3501:4201(700) ack 1 win 310")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 701 ceb 700 e0b 1401,nop,nop,nop,sack 3501:4201 3501:4201 2101:2801>")
script.inject("+10ms", "[ect1] EAP. 4201:4901(700) ack 1 win 310")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 1401 ceb 700 e0b 1401,nop,nop,nop,sack 3501:4901 2101:2801 701:1401>")
