-- Linux: a queue with a backlog of 0 holds one; without cookies the next SYN is dropped.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 0 } }
script.listen { backlog = 0 }
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.port(40001)
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.silence("500ms")
expect.equal(host:counters().TcpExtTCPReqQFullDrop, 1)
expect.equal(host:counters().TcpExtListenDrops, 1)
