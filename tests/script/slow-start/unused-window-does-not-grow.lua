-- RFC 7661: application-limited.
local c = script.accepted { rtt = "100ms" }
for i = 0, 4 do
  c:write(1000)
  script.expect(("P. %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000))
  script.inject("+100ms", (". 1:1(0) ack %d win 257"):format(1001 + i * 1000))
end
expect.equal(c.cwnd, 10)
