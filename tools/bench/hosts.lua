-- How fast a scenario builds a network: n hosts at one router, and a run of no length to speak of.
-- With results=false it ends with an error, so that nothing is spent on describing them all.
local n = weft.arg("n", 20000, "hosts")
local results = weft.arg("results", true, "end as usual")
local net = weft.network()
local router = net:router("r")
for i = 1, n do
  local host = net:host("h" .. i)
  net:link(host, router, { rate = "1Gbps", delay = "1ms" })
end
net:run("1ms")
if not results then
  error("built")
end
