-- RFC 7413 5.1: no more than TCP_FASTOPEN says; the next SYN's data is not taken.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <mss 1460,nop,nop,sackOK>")
expect.equal(script.accept().state, "SYN_RECV")
