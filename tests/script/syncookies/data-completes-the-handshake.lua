-- RFC 4987 3.6: the ACK may be lost, the first data has the same numbers.
script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+10ms", "P. 1:11(10) ack 1 win 65535")
script.expect(". 1:1(0) ack 11")
expect.equal(script.accept().ready, 10)
