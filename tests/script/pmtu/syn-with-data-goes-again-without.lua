-- The router says at once what the time-out would suspect; the next SYN offers what fits the path.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK,nop,wscale 6,FO abcd1234,nop,nop>")
script.expect(". 1:1(0) ack 1")
c:abort()
script.expect("R. 1:1(0) ack 1")
c = script.connect { fastopen = 1400 }
script.expect("S 0:1400(1400) <...>")
script.icmp("fragmentation needed", 0, 900)
script.expect("S 0:0(0) <mss 860,nop,nop,sackOK,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK>")
script.expect(". 1:861(860) ack 1")
script.expect("P. 861:1401(540) ack 1")
