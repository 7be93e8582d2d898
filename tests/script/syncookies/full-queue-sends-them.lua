-- Linux: a queue with a backlog of 1 holds two.  The third SYN-ACK is a cookie, of which nothing is remembered: it is
-- not repeated, as the others are.
local host = script.host()
script.listen { backlog = 1 }
for port = 40001, 40003 do
  script.port(port)
  script.inject("S 0:0(0) win 65535 <mss 1459>")
  script.expect("S. 0:0(0) ack 1 <mss 1460>")
end
expect.equal(host:counters().TcpExtTCPReqQFullDoCookies, 1)
expect.equal(host:counters().TcpExtSyncookiesSent, 1)
script.silence("1500ms")
script.inject(". 1:1(0) ack 1 win 65535")
expect.equal(script.accept().mss, 1440)
script.port(40001)
script.tolerance("600ms")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
