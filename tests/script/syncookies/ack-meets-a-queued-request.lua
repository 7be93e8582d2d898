-- Linux: the answer to a cookie of which the same SYN was queued when it came again is dropped, for somebody is there
-- already; but a connection was made for it, and has been counted as opened passively (tcp_create_openreq_child counts,
-- inet_ehash_insert finds the other).
local host = script.host()
script.listen { backlog = 1 }
for port = 40001, 40003 do
  script.port(port)
  script.inject("S 0:0(0) win 65535 <mss 1459>")
  script.expect("S. 0:0(0) ack 1 <mss 1460>")
end
local cookie = script.isn()
for port = 40001, 40002 do
  script.port(port)
  script.inject(". 1:1(0) ack 1 win 65535")
  expect.equal(script.accept().state, "ESTABLISHED")
end
script.port(40003)
script.inject("S 0:0(0) win 65535 <mss 1459>")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
expect(script.isn() ~= cookie)
expect.equal(host:counters().TcpPassiveOpens, 2)
script.inject(string.format(". 1:1(0) ack %d win 65535", (cookie - script.isn() + 1) % 2 ^ 32 // 1))
script.silence("10ms")
expect.equal(script.accept(), nil)
expect.equal(host:counters().TcpExtSyncookiesRecv, 1)
expect.equal(host:counters().TcpPassiveOpens, 3)
script.inject(". 1:1(0) ack 1 win 65535")
expect.equal(script.accept().state, "ESTABLISHED")
expect.equal(host:counters().TcpPassiveOpens, 4)
