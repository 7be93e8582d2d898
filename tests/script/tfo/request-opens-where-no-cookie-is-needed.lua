-- With bit 0x200 of net.ipv4.tcp_fastopen a SYN that merely asks for a cookie makes the connection, too, and gets none
-- (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 5 }
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,FO,nop,nop>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>")
expect.equal(script.accept().state, "SYN_RECV")
expect.equal(host:counters().TcpExtTCPFastOpenPassive, 1)
