-- Linux 6.18, observed with SO_RCVBUF 10000 (TcpExtTCPWantZeroWindowAdv): when 7000 bytes are unread there
-- is no room for another segment, but what was offered is not taken back; each ACK from then on counts.
local host = script.host()
local c = script.accepted { rtt = "10ms", rcvbuf = 10000 }
for i = 0, 7 do
  script.inject("+60ms", (". %d:%d(1000) ack 1 win 257"):format(1000 * i + 1, 1000 * i + 1001))
  script.expect(i < 4 and "0s" or "+40ms~50ms", (". 1:1(0) ack %d win %d"):format(1000 * i + 1001, 7760 - 1000 * i))
end
expect.equal(host:counters().TcpExtTCPWantZeroWindowAdv, 1)
for i = 1, 3 do -- what does not fit is refused
  script.inject("+60ms", ". 8001:9001(1000) ack 1 win 257")
  script.expect(". 1:1(0) ack 8001 win 760")
end
expect.equal(host:counters().TcpExtTCPWantZeroWindowAdv, 4)
