-- net.ipv4.tcp_fastopen_blackhole_timeout_sec (Linux 6.18): a connection that began with Fast Open and got nothing but a FIN
-- out of order begins a pause when it goes.
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen_blackhole_timeout_sec"] = 10, ["net.ipv4.tcp_timestamps"] = 0 } }
local c = script.connect { fastopen = 100 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10,FO,nop,nop>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5840 <mss 1460,nop,nop,sackOK>")
script.expect(". 1:1(0) ack 1")
script.inject("+10ms", "F. 101:101(0) ack 1 win 5840")
script.expect(". 1:1(0) ack 1 <nop,nop,sack 101:102>")
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 0)
script.inject("+10ms", "R. 1:1(0) ack 1")
c:close()
expect.equal(host:counters().TcpExtTCPFastOpenBlackhole, 1)
script.connect { fastopen = 100 }
script.expect("S 0:0(0) <mss 1460,nop,nop,sackOK,nop,wscale 10>")
