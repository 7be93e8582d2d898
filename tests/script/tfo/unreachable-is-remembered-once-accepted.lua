-- An accepted connection counts as open, though its handshake is not complete (RFC 1122 4.2.3.9).
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:300(300) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 301 <mss 1460,nop,nop,sackOK>")
local c = script.accept()
script.icmp("host unreachable", 0)
expect.equal(c.state, "SYN_RECV")
