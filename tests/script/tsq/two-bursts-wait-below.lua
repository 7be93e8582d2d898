-- TCP small queues (Linux: net.ipv4.tcp_limit_output_bytes): of a window of ten segments no more than two bursts, here
-- of two segments each, are handed down; more goes as soon as a half of one has left the host.
local c = script.accepted()
script.rate("1Mbps")
script.tolerance("15ms")
c:write(10000)
expect.equal(c.unacked, 4)
for i = 0, 5 do
  script.expect("+8640us", string.format("%s %d:%d(1000) ack 1", i % 2 == 1 and "P." or ".", i * 1000 + 1, i * 1000 + 1001))
  script.sleep("1ms")
  expect.equal(c.unacked, ({ 6, 6, 8, 8, 10, 10 })[i + 1])
end
