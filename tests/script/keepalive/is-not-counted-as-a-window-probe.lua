-- TCPKeepAlive counts the probes of keepalive, TCPWinProbe those of closed windows only.  Seen on
-- Linux 6.18.
local host = script.host()
local c = script.accepted { rtt = "10ms", keepalive = true, keepidle = 1 }
script.expect("+1s", ". 0:0(0) ack 1")
expect.equal(host:counters().TcpExtTCPKeepAlive, 1)
expect.equal(host:counters().TcpExtTCPWinProbe, 0)
