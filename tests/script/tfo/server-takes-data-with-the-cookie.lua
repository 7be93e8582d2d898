-- RFC 7413 4.2.2: the SYN-ACK acknowledges the data, and the application answers at once.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
local c = script.accept()
expect.equal(c.syn_data, 1)
expect.equal(c:read(2000), 1000)
c:write(100)
script.expect("P. 1:101(100) ack 1001")
script.inject("+10ms", ". 1001:2001(1000) ack 101 win 5840")
script.expect(". 101:101(0) ack 2001")
expect.equal(c.state, "ESTABLISHED")
