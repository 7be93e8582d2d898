-- Linux: made in the first minute, good to the end of the second.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.inject("+119s", ". 1:1(0) ack 1 win 65535")
expect.equal(script.accept().state, "ESTABLISHED")
expect.equal(host:counters().TcpExtSyncookiesRecv, 1)
