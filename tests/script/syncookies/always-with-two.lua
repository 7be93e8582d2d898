-- Linux: tcp_syncookies = 2 sends cookies though the queue is empty; nothing is kept, nothing is repeated.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.silence("130s")
expect.equal(host:counters().TcpExtSyncookiesSent, 1)
expect.equal(host:counters().TcpRetransSegs, 0)
