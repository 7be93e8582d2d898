-- TCP_FASTOPEN is not set: a plain SYN-ACK, the data comes again.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen()
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK>")
expect.equal(script.accept(), nil)
