-- TCPOrigDataSent counts the packet of data that a SYN carries, and an attempt that its owner gives up is none that
-- failed (Linux 6.18).
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 5 } }
local c = script.connect { fastopen = 500 }
script.expect("S 0:500(500) <...>")
expect.equal(host:counters().TcpExtTCPOrigDataSent, 1)
c:close()
expect.equal(host:counters().TcpAttemptFails, 0)
