-- net.ipv4.tcp_comp_sack_nr = 0: RFC 5681 4.2, an ACK for each segment out of order.
script.host { sysctl = { ["net.ipv4.tcp_comp_sack_nr"] = 0 } }
local c = script.accepted { rtt = "100ms" }
c:quickack(false)
for n = 2, 9 do
  script.inject((". %d:%d(1000) ack 1 win 257"):format(n * 1000 + 1, n * 1000 + 1001))
  script.expect((". 1:1(0) ack 1 <nop,nop,sack 2001:%d>"):format(n * 1000 + 1001))
end
