-- Data in a SYN leaves all forty bytes for options: 1460 - 40.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
-- The first connection asks for a cookie.
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK,nop,wscale 6,FO abcd1234,nop,nop>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.delivered, 1)
c:close()
script.expect("F. 1:1(0) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2 win 92")
script.expect(". 2:2(0) ack 2")
-- The second one uses it.
c = script.connect { fastopen = 5000 }
script.expect("S 0:1420(1420) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO abcd1234,nop,nop>")
