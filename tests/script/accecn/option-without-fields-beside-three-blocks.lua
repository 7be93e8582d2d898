-- RFC 9768 3.2.3, as Linux 7.2 does: beside timestamps and three SACK blocks no counter fits; if none has changed since the
-- last option, one without fields takes the place of the two NOPs.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 2 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,sackOK,TS val 1 ecr 0,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1,ECN e1b 1 ceb 0 e0b 1,nop,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310 <nop,nop,TS val 2 ecr 100,ECN e0b 1 ceb 0 e1b 1,nop>")
script.inject("+10ms", "EAP. 701:1401(700) ack 1 win 310 <nop,nop,TS val 3 ecr 100>")
script.expect("[ect0] EA. 1:1(0) ack 1 <nop,nop,TS val 160 ecr 2,ECN e1b 1 ceb 0 e0b 1,nop,nop,nop,sack 701:1401>")
script.inject("+10ms", "EAP. 2101:2801(700) ack 1 win 310 <nop,nop,TS val 4 ecr 100>")
script.expect("[ect0] EA. 1:1(0) ack 1 <nop,nop,TS val 170 ecr 2,ECN e1b 1 ceb 0,nop,nop,sack 2101:2801 701:1401>")
script.inject("+10ms", "EAP. 3501:4201(700) ack 1 win 310 <nop,nop,TS val 5 ecr 100>")
script.expect("[ect0] EA. 1:1(0) ack 1 <nop,nop,TS val 180 ecr 2,ECN,sack 3501:4201 2101:2801 701:1401>")
