-- Before the SYN-ACK is acknowledged nothing but it is sent again (RFC 7413 4.2.2).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
script.accept():write(100)
script.expect("P. 1:101(100) ack 1001")
script.expect("+1s", "S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
script.expect("+2s", "S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
expect.equal(host:counters().TcpRetransSegs, 2)
expect.equal(host:counters().TcpExtTCPSynRetrans, 2)
