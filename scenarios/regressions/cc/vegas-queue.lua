-- Vegas keeps between alpha = 2 and beta = 4 packets queued, whatever the buffer (Brakmo, Peterson, JSAC
-- 13(8), 1995), and loses nothing.
--
-- tags: regression tcp cc
-- needs: tcp
local net = weft.network()
local a, r, b = net:host("a"), net:router("r"), net:host("b")
net:link(a, r, { rate = "10Gbps" })
local link = net:link(r, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit 200" })
local flow = net:tcp { from = a, to = b, cc = "vegas" }
link.ab:record("queue_packets")
net:run("60s")

local queue = link.ab:series("queue_packets"):mean { between = { "20s", "60s" } }
weft.result("mean queue", queue, "packets")
expect.between(queue, 2, 4, "packets queued")
expect.above(link.ab.utilisation, 0.98)
expect.equal(flow.retransmits, 0)
