-- Two switches, two cables between them, and one ARP request.
--
-- A frame to everybody goes out by all ports but the one by which it came in: over the first cable
-- there, over the second back, and so on.  Ethernet has no hop limit.  Nobody stops the frame, each
-- round delivers a copy to every host, and every further broadcast joins it.
--
-- The run ends with an error that names the loop; the lab catches it.  The second part cuts one of
-- the cables: then there is no loop and all is well.  The third has both cables, and a spanning tree
-- that keeps one of them for bad days.
--
-- tags: lab ethernet switch loop stp
-- needs: switch ping stp
local function two_switches(name, cables, stp)
  local net = weft.network { name = name }
  local s1, s2 = net:switch("s1", { stp = stp }), net:switch("s2", { stp = stp })
  local a, b = net:host("a"), net:host("b")
  net:link(a, s1)
  net:link(b, s2)
  for i = 1, cables do net:link(s1, s2, { rate = "100Mbps", delay = "5us" }) end
  local p = a:ping(b, { interval = "100ms", start = "10ms" })
  return net, p, b
end

local net, p, b = two_switches("loop", 2)
local ok, message = pcall(function() net:run("10s") end)
print(message)
expect.equal(ok, false, "the storm ends the run")
expect(message:find("storm: s", 1, true), "and is named")
expect(message:find("s1 → s2", 1, true) or message:find("s2 → s1", 1, true), "with its loop")
expect(message:find("no spanning tree", 1, true), "and its cause")
expect.above(b:iface(1):counters().rx_packets, 20000, "copies of a few frames that b had to look at")

local net, p = two_switches("one-cable", 1)
net:run("2s")
expect.equal(p.lost, 0)

-- RSTP keeps the hosts' ports closed for 3 s, to see whether a switch is there.
local net, p, b = two_switches("tree", 2, "rstp")
net:run("10s")
net:show("stp")
expect.near(p.longest_gap, 3, 1.2, "then all is well,")
expect.below(b:iface(1):counters().rx_packets, 200, "and nothing is heard twice")
