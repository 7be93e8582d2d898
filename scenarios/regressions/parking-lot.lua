-- A long flow crosses three bottlenecks, each of which it shares with a short one: the parking lot.
-- It gets less than half of a link.
--
-- tags: regression tcp chain
-- needs: chain
local net = weft.network()
local p = net:chain { routers = 4, hosts = 1, rate = "10Mbps", rtt = "40ms", queue = "1bdp" }
local long = net:tcp { from = p.first, to = p.last }
for i = 1, 3 do net:tcp { from = p.hosts[i], to = p.hosts[i + 1] } end
net:run("120s")
expect.below(long:stats { between = { "20s", "120s" } }.goodput, "5Mbps")

-- The scenario of the manual ends here; this is what must come of it, too.
for i = 1, 3 do
  expect.above(p.links[i]:stats { between = { "20s", "120s" } }.utilisation, "98%", "each link is full")
end
expect.above(long:stats { between = { "20s", "120s" } }.goodput, "500kbps", "the long flow is not starved")
