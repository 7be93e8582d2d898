-- RFC 7413 5.1: with a limit of one, the data of the first SYN is taken, and the connection can be accepted.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
expect.equal(script.accept().state, "SYN_RECV")
