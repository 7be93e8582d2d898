-- RFC 9768 3.2.3.3: with timestamps a SACK block gives way so that the fields that changed fit; if
-- even that does not help, the option waits.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,sackOK,TS val 1 ecr 0,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1,ECN e1b 1 ceb 0 e0b 1,nop,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310 <nop,nop,TS val 2 ecr 100,ECN e0b 1 ceb 0 e1b 1,nop>")
script.inject("+10ms", "[ect1] EAP. 701:1401(700) ack 1 win 310 <nop,nop,TS val 3 ecr 100>")
script.expect("[ect0] EA. 1:1(0) ack 1 <nop,nop,TS val 160 ecr 2,ECN e1b 701 ceb 0 e0b 1,nop,nop,nop,sack 701:1401>")
script.inject("+10ms", "[ect1] EAP. 2101:2801(700) ack 1 win 310 <nop,nop,TS val 4 ecr 100>")
script.expect("[ect0] EA. 1:1(0) ack 1 <nop,nop,TS val 170 ecr 2,ECN e1b 1401 ceb 0,nop,nop,sack 2101:2801 701:1401>")
script.inject("+10ms", "[ce] EAP. 3501:4201(700) ack 1 win 310 <nop,nop,TS val 5 ecr 100>")
script.expect("[ect0] WA. 1:1(0) ack 1 <nop,nop,TS val 180 ecr 2,ECN e1b 1401 ceb 700,nop,nop,sack 3501:4201 2101:2801>")
script.inject("+10ms", "[ect1] EAP. 3501:4201(700) ack 1 win 310 <nop,nop,TS val 5 ecr 100>")
script.expect("[ect0] WA. 1:1(0) ack 1 <nop,nop,TS val 190 ecr 2,ECN e1b 2101 ceb 700,nop,nop,sack 3501:4201 3501:4201>")
script.inject("+10ms", "[ect0] EAP. 4201:4901(700) ack 1 win 310 <nop,nop,TS val 5 ecr 100>")
script.expect("[ect0] WA. 1:1(0) ack 1 <nop,nop,TS val 200 ecr 2,nop,nop,sack 3501:4901 2101:2801 701:1401>")
