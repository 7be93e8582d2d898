-- RFC 4987 3.6: the number is a keyed hash that nobody else can make.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+10ms", ". 1:1(0) ack 5001 win 65535")
script.expect("R 5001:5001(0)")
expect.equal(host:counters().TcpExtSyncookiesFailed, 1)
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.silence("100ms")
expect.equal(script.accept().state, "ESTABLISHED")
