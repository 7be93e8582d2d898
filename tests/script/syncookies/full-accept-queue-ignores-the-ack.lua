-- Linux: there is nothing to keep the ACK in, and no RST even with tcp_abort_on_overflow; what the peer sends next is
-- as good.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2, ["net.ipv4.tcp_abort_on_overflow"] = 1 } }
script.listen { backlog = 0 }
for port = 40001, 40002 do
  script.port(port)
  script.inject("S 0:0(0) win 65535 <mss 1460>")
  script.expect("S. 0:0(0) ack 1 <mss 1460>")
end
script.port(40001)
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.port(40002)
script.inject("+10ms", ". 1:1(0) ack 1 win 65535")
script.silence("10ms")
expect.equal(host:counters().TcpExtListenOverflows, 1)
expect.equal(script.accept().state, "ESTABLISHED")
script.inject("P. 1:11(10) ack 1 win 65535")
script.expect(". 1:1(0) ack 11")
expect.equal(script.accept().ready, 10)
