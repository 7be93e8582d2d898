-- RFC 7413 4.1.3, 4.2.1.
local host = script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
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
c = script.connect { fastopen = 1000 }
script.expect("S 0:1000(1000) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO abcd1234,nop,nop>")
script.inject("+10ms", "S. 0:0(0) ack 1001 win 5840 <mss 940,nop,nop,sackOK,nop,wscale 6>")
script.expect(". 1001:1001(0) ack 1")
expect.equal(c.syn_data, 1)
expect.equal(c.delivered, 1)
expect.equal(host:counters().TcpExtTCPFastOpenActive, 1)
