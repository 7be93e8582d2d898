-- RFC 7413 5.1: TCP_FASTOPEN's limit of pending requests: with one that waits, the next SYN's data is not taken, and its
-- handshake is the usual one.
local host = script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0x202 } }
script.listen { fastopen = 1 }
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1001 <...>")
script.port(40001)
script.inject("S 0:1000(1000) win 32792 <mss 1460,sackOK,nop,nop>")
script.expect("S. 0:0(0) ack 1 <...>")
expect.equal(host:counters().TcpExtTCPFastOpenListenOverflow, 1)
