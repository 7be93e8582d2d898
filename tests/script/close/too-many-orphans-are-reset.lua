-- Linux, tcp_max_orphans: a connection that nobody owns any more and that would be one too many ends at once.
local host = script.host { sysctl = { ["net.ipv4.tcp_max_orphans"] = 0 } }
local c = script.accepted()
c:close()
script.expect("F. 1:1(0) ack 1")
script.expect("R. 2:2(0) ack 1")
expect.equal(host:counters().TcpExtTCPAbortOnMemory, 1)
