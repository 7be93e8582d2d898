-- A SYN that shows its cookie has a packet of data beside it in Linux's books, even if the owner wrote none (6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
expect.equal(c.unacked, 1)
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK,FO abcd1234,nop,nop>")
script.expect(". 1:1(0) ack 1")
script.inject("R. 1:1(0) ack 1")
c:close()
c = script.connect { fastopen = 0 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO abcd1234,nop,nop>")
expect.equal(c.unacked, 2)
expect.equal(host:counters().TcpExtTCPOrigDataSent, 1)
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.unacked, 0)
expect.equal(c.delivered, 2)
expect.equal(host:counters().TcpExtTCPFastOpenActive, 0)
