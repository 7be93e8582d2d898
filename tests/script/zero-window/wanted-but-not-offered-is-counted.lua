-- Linux 6.18, observed with SO_RCVBUF 2304 (TcpExtTCPWantZeroWindowAdv): with 1000 bytes unread there is no
-- room for another segment, but the 460 that were offered are not taken back; each ACK counts.
local host = script.host()
local c = script.accepted { rtt = "10ms", rcvbuf = 2304 }
script.inject("P. 1:1001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1001 win 460")
for i = 1, 3 do -- what does not fit is refused
  script.inject("+60ms", "P. 1001:2001(1000) ack 1 win 257")
  script.expect(". 1:1(0) ack 1001 win 460")
end
expect.equal(host:counters().TcpExtTCPWantZeroWindowAdv, 4)
