-- RFC 8985 6.2 step 4: the reordering window, a quarter of the least round trip more for each needless retransmission, is
-- never longer than a smoothed round trip, here 42 ms.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
for n = 0, 3 do
  c:write(1000)
  script.expect(("P. %d:%d(1000) ack 1"):format(1000 * n + 1, 1000 * n + 1001))
end
script.inject("+40ms", ". 1:1(0) ack 1 win 257 <nop,nop,sack 1001:2001>")
script.inject("+1ms", ". 1:1(0) ack 4001 win 257")
local una = 4001
for _, window in ipairs { 10, 20, 30, 40, 42, 42, 42 } do
  for at = una, una + 1000, 1000 do
    c:write(1000)
    script.expect(("P. %d:%d(1000) ack 1"):format(at, at + 1000))
  end
  script.inject("+42ms", (". 1:1(0) ack %d win 257 <nop,nop,sack %d:%d>"):format(una, una + 1000, una + 2000))
  script.expect(("+%dms~%dms"):format(window - 2, window + 5), ("P. %d:%d(1000) ack 1"):format(una, una + 1000))
  script.inject("+41ms", (". 1:1(0) ack %d win 257"):format(una + 2000))
  script.inject("+2ms", (". 1:1(0) ack %d win 257 <nop,nop,sack %d:%d>"):format(una + 2000, una, una + 1000))
  una = una + 2000
end
