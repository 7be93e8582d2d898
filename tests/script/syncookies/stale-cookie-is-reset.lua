-- Linux: the counter goes up once in 60 s, and a cookie is believed in the minute in which it was made and the next.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
-- Another one, so that cookies are still expected at all.
script.port(40001)
script.inject("+100s", "S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.port(40000)
script.inject("+21s", ". 1:1(0) ack 1 win 65535")
script.expect("R 1:1(0)")
expect.equal(script.accept(), nil)
expect.equal(host:counters().TcpExtSyncookiesFailed, 1)
