-- One packet in a hundred is held back for 5 ms, and overtaken.  The capture shows what TCP makes of it.
--
-- tags: regression tcp reorder capture
-- needs: reorder
local net = weft.network()
local a, b = net:host("a"), net:host("b")
local l = net:link(a, b, { rate = "10Mbps", delay = "20ms", reorder = { rate = "1%", delay = "5ms" } })
l:at(a):capture { direction = "out", filter = "tcp port 80", snaplen = 128 }
net:tcp { from = a, to = b, port = 80, bytes = "1MB" }
net:run("20s")

-- The scenario of the manual ends here; this is what must come of it.
local at_b, direction = b:counters(), l:stats { between = { 0, "20s" } }
expect.equal(direction.drops, 0)
expect.above(at_b.TcpExtTCPOFOQueue, 5, "segments that came before their turn")
expect.above(at_b.TcpInSegs, 690, "all 691 came")
expect.below(a:counters().TcpRetransSegs, 5, "what comes late is not sent again")
expect.equal(a:counters().TcpExtTCPTimeouts, 0)
