-- Mathis, Semke, Mahdavi, Ott ("The macroscopic behavior of the TCP congestion avoidance algorithm", CCR
-- 27(3), 1997): the mean window of Reno is c / sqrt(p).  Linux counts packets, so that c is 1.22 also
-- with delayed ACKs; counting ACKs, of which there is one for two packets, it is 0.87.
--
-- tags: regression tcp cc physics
-- needs: tcp
local function constant(cc)
  local n = 5000
  local net = weft.network { name = cc:gsub(" ", "-") }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "10Gbps", delay = "10ms", queue = "pfifo limit 10000", loss = { ab = { every = n }, ba = 0 } })
  local flow = net:tcp { from = a, to = b, cc = cc }
  flow:record("cwnd")
  net:run("60s")
  local c = flow:series("cwnd"):mean { between = { "20s", "60s" } } / n ^ 0.5
  local acked = a:counters().TcpOutSegs / b:counters().TcpOutSegs
  expect.between(acked, 1.75, 2, cc .. ": packets for each ACK, which is delayed but after a loss")
  weft.result("constant of " .. cc, c, "")
  return c
end
expect.near(constant("reno"), 1.22, "6%", "packets counted")
expect.near(constant("reno count_packets no"), 0.87, "6%", "ACKs counted")
