-- What a spanning tree costs: the same fat tree, once of switches with RSTP and once of routers that use
-- all shortest paths.
--
-- A fat tree of k = 4 has 16 hosts and the bandwidth for all of them at once (Al-Fares, Loukissas,
-- Vahdat, 2008).  A spanning tree keeps one way of the many: everything between pods goes through one
-- core switch, by one link from each pod.  Each host sends to the one half the network away.
--
-- Look at
--   goodput.png       of the 16 flows, in order, with both
--   the table         ports that discard: links that were paid for and carry nothing
--
-- tags: experiment switch stp ecmp tcp
-- needs: switch stp tcp fat_tree
local rate, seconds = 100e6, 10
local sums, lines = {}, {}

local function measure(kind, options)
  local net = weft.network { name = kind, rtt = "1ms" }
  options.k, options.rate, options.delay, options.queue = 4, rate, "10us", "64KiB"
  local t = net:fat_tree(options)
  if options.stp then t.core[1]:stp { priority = 0 } end -- the best place for a root
  local hosts, flows = t.hosts, {}
  if type(hosts[1]) == "table" then
    hosts = {}
    for _, few in ipairs(t.hosts) do for _, h in ipairs(few) do hosts[#hosts + 1] = h end end
  end
  for i, h in ipairs(hosts) do
    local to = hosts[(i + #hosts // 2 - 1) % #hosts + 1]
    flows[i] = net:tcp { name = "f" .. i, from = h, to = to, start = { 5, jitter = "1ms" } }
  end
  net:run(5 + seconds)
  local each, sum = {}, 0
  for i, f in ipairs(flows) do
    each[i] = f:stats { between = { 6, 5 + seconds } }.goodput
    sum = sum + each[i]
  end
  table.sort(each)
  sums[kind] = sum
  lines[#lines + 1] = { name = kind, label = "goodput", unit = "bit/s", y = each }
  weft.result("goodput of all, " .. kind, sum, "bit/s")
  return net, t
end

local net, t = measure("stp", { switches = true, stp = "rstp" })
net:show("stp", t.aggregation[1][2])
local discarding = 0
for _, switch in ipairs(t) do
  for _, port in ipairs(switch:stp().ports) do
    if port.state == "discarding" then discarding = discarding + 1 end
  end
end
measure("ecmp", {})
weft.plot { lines[1], lines[2], style = "steps", x_label = "flow", name = "goodput" }

-- 20 switches need 19 links for a tree; 32 are there.
expect.equal(#t.links, 32)
expect.equal(discarding, 32 - 19, "links with a port that discards")
-- Four pods of four hosts share one link into each pod: 4 x 100 Mbit/s, less headers.
expect.below(sums.stp, 4 * rate, "with a tree four links carry everything")
expect.above(sums.stp, 0.8 * 4 * rate)
-- Hashing puts several flows on one link, so that all 16 x 100 Mbit/s are not reached; random placement
-- gives well over a third.
expect.above(sums.ecmp, 1.5 * sums.stp, "with all paths it is a multiple")
