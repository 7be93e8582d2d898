-- RFC 4293, icmpInErrors: a message about a connection that is not there says nothing (Linux: tcp_v4_err); one that
-- quotes a SYN-ACK which was not sent neither.
local host = script.host()
script.accepted { rtt = "10ms" }
script.port(40001)
script.icmp("host unreachable", 1)
expect.equal(host:counters().IcmpInErrors, 1)
script.inject("S 0:0(0) win 65535 <mss 1460>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
script.icmp("host unreachable", 1)
expect.equal(host:counters().IcmpInErrors, 1)
expect.equal(host:counters().TcpExtOutOfWindowIcmps, 1)
script.inject(". 1:1(0) ack 1 win 65535")
expect.equal(script.accept().state, "ESTABLISHED")
