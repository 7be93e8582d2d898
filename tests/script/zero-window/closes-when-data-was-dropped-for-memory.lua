-- A segment for which there is no memory, though there is window, is dropped (TCPRcvQDrop), and the window is closed at
-- once, against RFC 9293 3.8.6 (Linux: ICSK_ACK_NOMEM): here SO_RCVBUF has become smaller than what is queued.  Reading
-- opens it again, by 111 of 256 parts of 2,304 bytes: what 1,000 bytes are of their memory.  Seen on Linux 6.18.
local host = script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
for i = 0, 2 do
  script.inject("+2ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001))
  script.expect((". 1:1(0) ack %d"):format(1000 * i + 1001))
end
c:set { rcvbuf = 1 }
script.inject("+2ms", ". 3001:4001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 3001 win 0")
expect.equal(host:counters().TcpExtTCPRcvQDrop, 1)
expect.equal(host:counters().TcpExtRcvPruned, 1)
expect.equal(c.ready, 3000)
expect.equal(c:read(9000), 3000)
script.expect(". 1:1(0) ack 3001 win 999")
