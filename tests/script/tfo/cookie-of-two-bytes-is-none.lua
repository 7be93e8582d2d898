-- RFC 7413 2: a cookie has 4 to 16 bytes, an even number; another one is not kept.  The next SYN asks
-- again, in Linux by the experimental option (RFC 6994), as somebody may meddle with the other one.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK,nop,wscale 6,FO abcd,nop,nop>")
script.expect(". 1:1(0) ack 1")
c:abort()
script.expect("R. 1:1(0) ack 1")
script.connect { fastopen = 1000 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FOEXP>")
