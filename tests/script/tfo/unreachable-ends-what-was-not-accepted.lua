-- The ICMP message quotes the SYN-ACK; the data of the SYN can be read before the error (seen of Linux 6.18).
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:300(300) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 301 <mss 1460,nop,nop,sackOK>")
script.icmp("host unreachable", 0)
local c = script.accept()
expect.equal(c.state, "CLOSED")
expect.equal(c:read(2000), 300)
