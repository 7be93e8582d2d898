-- RFC 9768 3.2.1, 3.2.2: the counter of packets with CE begins at 5, and three bits of it are told; the CE of the SYN-ACK
-- counts, and the sender adds up what it is told.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+50ms", "[ce] SW. 0:0(0) ack 1 win 31000 <mss 1460>")
script.expect("[ect0] WA. 1:1(0) ack 1")
for i = 1, 10 do
  c:write(100)
  script.expect(("[ect0] P.%d %d:%d(100) ack %d"):format((5 + i) % 8, 100 * i - 99, 100 * i + 1, 10 * i - 9))
  script.inject("+50ms", ("[ce] P.%d %d:%d(10) ack %d win 310"):format((5 + i) % 8, 10 * i - 9, 10 * i + 1, 100 * i + 1))
  if i == 1 then -- the first mark is told at once (3.2.2.5.1)
    script.expect("[ect0] .7 101:101(0) ack 11")
  end
  expect.equal(c.delivered_ce, i)
  expect.equal(c.received_ce, i + 1)
end
