-- RFC 9768 3.2.3.3: beside SACK blocks the option keeps the fields that changed; here all fit, as
-- there are no timestamps.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 32792 <mss 1050,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 264 <ECN e0b 1 ceb 0 e1b 1,nop>")
local c = script.accept()
script.inject("+10ms", "[ect1] EAP. 1001:2001(1000) ack 1 win 264")
script.expect("[ect0] EA. 1:1(0) ack 1 <ECN e1b 1001 ceb 0 e0b 1,nop,nop,nop,sack 1001:2001>")
script.inject("+10ms", "[ect0] EAP. 3001:4001(1000) ack 1 win 264")
script.expect("[ect0] EA. 1:1(0) ack 1 <ECN e1b 1001 ceb 0 e0b 1001,nop,nop,nop,sack 3001:4001 1001:2001>")
script.inject("+10ms", "[ce] EAP. 5001:6001(1000) ack 1 win 264")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 1001 ceb 1000 e0b 1001,nop,nop,nop,sack 5001:6001 3001:4001 1001:2001>")
script.inject("+10ms", "[ect0] EAP. 5001:6001(1000) ack 1 win 264")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 1001 ceb 1000 e0b 2001,nop,nop,nop,sack 5001:6001 5001:6001 3001:4001>")
script.inject("+10ms", "[ect1] EAP. 6001:7001(1000) ack 1 win 264")
script.expect("[ect0] WA. 1:1(0) ack 1 <ECN e1b 2001 ceb 1000 e0b 2001,nop,nop,nop,sack 5001:7001 3001:4001 1001:2001>")
