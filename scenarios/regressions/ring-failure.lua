-- A link of a ring of switches dies without a sign; the rapid spanning tree finds the way round.
--
-- tags: regression switch stp ping
-- needs: switch, stp
local net = weft.network()
local r = net:ring { switches = 4, stp = "rstp", rate = "1Gbps", hosts = 1 }
local p = r.hosts[1]:ping(r.hosts[3], { interval = "10ms" })
net:at("30s", function() r.links[1]:down { silent = true } end)
net:run("60s")
expect.below(p.longest_gap, "7s")

-- The scenario of the manual ends here; this is what must come of it, too.
expect.above(p.longest_gap, "10ms", "the failure is felt")
expect.above(p.received, 5000)
