-- A RST for the SYN-ACK ends the connection that the application may hold already.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
local c = script.accept()
script.inject("+10ms", "R. 1001:1001(0) ack 1 win 0")
expect.equal(c.state, "CLOSED")
script.silence("5s")
