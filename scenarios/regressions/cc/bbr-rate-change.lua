-- The rate of a path of 40 ms doubles at 20 s and is halved at 40 s: BBR finds the new rate within a few
-- of its probing cycles, and afterwards drains the queue that the old one built up (Cardwell et al., ACM
-- Queue 14(5), 2016, figure 3).
--
-- tags: regression tcp cc bbr
-- needs: tcp
local cc = weft.arg("cc", "bbr", "congestion control")
local net = weft.network()
local a, b = net:host("a"), net:host("b")
local link = net:link(a, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit 300" })
local flow = net:tcp { from = a, to = b, cc = cc }
link.ab:record("queue_packets")
flow:record("inflight", "rtt")
net:at("20s", function() link:set { rate = "20Mbps" } end)
net:at("40s", function() link:set { rate = "10Mbps" } end)
net:plot { "rtt", "inflight", "queue_packets", of = { flow, link.ab }, between = { "19s", "45s" } }
net:run("60s")

local payload = 1448 / 1538
local function rate(from, to) return flow:stats { between = { from, to } }.goodput end
expect.above(rate(10, 20), 0.93 * payload * 10e6, "before")
-- A probe multiplies by 1.25 each 8 round trips: three of them, a second, make 1.95.
expect.above(rate(22.5, 30), 0.93 * payload * 20e6, "the doubled rate is found in 2.5 s")
expect.above(rate(45, 60), 0.93 * payload * 10e6, "after it was halved")
expect.below(link.ab:series("queue_packets"):mean { between = { "45s", "60s" } }, 20, "the queue drains again")
