-- Linux: TCP_DEFER_ACCEPT needs a request that waits, and there is none.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen { defer_accept = 3 }
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
expect.equal(script.accept().state, "ESTABLISHED")
