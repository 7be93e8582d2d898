-- RFC 7413 lets both ends send data with their SYN, and the FIN behind it.
script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <...>")
script.inject("+10ms", "SF. 0:700(700) ack 1 win 5840 <mss 1460,nop,nop,sackOK,nop,wscale 6,FO abcd1234,nop,nop>")
expect.equal(c.state, "CLOSE_WAIT")
expect.equal(c:read(2000), 700)
script.expect("+0~200ms", ". 1:1(0) ack 702")
