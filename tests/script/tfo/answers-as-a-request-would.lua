-- While the SYN-ACK is not acknowledged, what is out of window gets a bare ACK of what the SYN brought, without the
-- SACK block of a duplicate; a RST must have the exact number (RFC 5961 3.2); another SYN is reset and does no harm
-- (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 5 }
script.inject("S 0:100(100) win 32792 <mss 1000,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 101 <mss 1460,nop,nop,sackOK>")
local c = script.accept()
script.inject("+10ms", "R 102:102(0)")
script.expect(". 1:1(0) ack 101")
expect.equal(host:counters().TcpExtTCPChallengeACK, 1)
script.inject("+600ms", "P. 1:51(50) ack 1 win 257")
script.expect(". 1:1(0) ack 101")
script.inject("+10ms", "S 105:105(0) win 257")
expect.equal(host:counters().TcpOutRsts, 1)
expect.equal(c.state, "SYN_RECV")
