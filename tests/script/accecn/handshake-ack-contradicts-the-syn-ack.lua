-- RFC 9768 3.2.2.3, table 4: the SYN-ACK left without ECN; an ACK of the handshake that says it came with a mark tells that
-- somebody meddles with marks, and no packet is ECN-capable any more.  Codes without a meaning yet stand for no mark.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
local data = { "[ect0]", "[ect0]", "[noecn]", "[noecn]", "[ect0]", "[noecn]", "[ect0]" }
for ace, field in ipairs(data) do
  script.port(40000 + ace)
  script.inject("SEWA 0:0(0) win 29200 <mss 980>")
  script.expect("SW. 0:0(0) ack 1 <...>")
  script.inject("+50ms", ("[ect0] .%d 1:1(0) ack 1 win 333"):format(ace))
  local c = script.accept()
  c:write(300)
  script.expect(field .. " EAP. 1:301(300) ack 1")
  expect.equal(c.delivered_ce, 0)
  script.inject("R 1:1(0)")
end
