-- TCP_FASTOPEN_NO_COOKIE (Linux 6.18): this listener takes the data of a SYN without a cookie, and gives none.
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 2 } }
script.listen { fastopen = 5, fastopen_no_cookie = true }
script.inject("S 0:100(100) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 101 <mss 1460>")
expect.equal(script.accept().state, "SYN_RECV")
script.port(40001)
script.inject("S 0:100(100) win 32792 <mss 1000,FO,nop,nop>")
script.expect("S. 0:0(0) ack 101 <mss 1460>")
expect.equal(host:counters().TcpExtTCPFastOpenPassive, 2)
