-- Bit 0x400 of net.ipv4.tcp_fastopen (ip-sysctl.rst): listeners that did not set TCP_FASTOPEN take data, too, from as many
-- clients as their backlog has places for, which is decided when they begin to listen (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x602 } }
script.listen { backlog = 1 }
host:sysctl("net.ipv4.tcp_fastopen", 0x202)
script.inject("S 0:100(100) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 101 <mss 1460>")
script.port(40001)
script.inject("S 0:100(100) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
expect.equal(host:counters().TcpExtTCPFastOpenListenOverflow, 1)
