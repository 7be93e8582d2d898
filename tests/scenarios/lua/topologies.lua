-- tags: language
-- The topologies of the library: their parts, names, links and ways.

local function fresh(options) return weft.network(options) end

-- Every host of the list reaches the others: one ping each way is heard.
local function reach(net, hosts)
  local flows = {}
  for i = 2, #hosts do
    flows[#flows + 1] = net:tcp { from = hosts[1], to = hosts[i], bytes = "1kB" }
    flows[#flows + 1] = net:tcp { from = hosts[i], to = hosts[1], bytes = "1kB" }
  end
  net:run { stop_when = "flows done", max = "30s" }
  for _, f in ipairs(flows) do expect(f.done, net.name .. ": " .. f.name) end
end

local net = fresh { name = "dumbbell" }
local t = net:dumbbell { left = 2, right = 3, rate = "10Mbps", rtt = "40ms", queue = "1bdp" }
expect.equal(#t.left, 2)
expect.equal(#t.right, 3)
expect.equal(t.bottleneck, t.links[1])
expect.near(t.bottleneck.delay, "20ms", "1us")
expect.equal(t.bottleneck.queue.name, "bfifo")
expect.equal(t.bottleneck.queue.limit, weft.bdp("10Mbps", "40ms"))
expect.equal(t.first, t.left[1])
expect.equal(t.last, t.right[1])
reach(net, { t.left[1], t.left[2], t.right[1], t.right[3] })

net = fresh { name = "chain" }
t = net:chain { routers = 4, hosts = 1, rate = "10Mbps", rtt = "60ms" }
expect.equal(#t, 4)
expect.equal(#t.links, 3)
expect.equal(t.hosts[4], t.last)
expect.equal(t.hosts[1], t.first)
expect.near(t.links[2].delay, "10ms", "1us")
reach(net, { t.first, t.hosts[2], t.last })

net = fresh { name = "chains" }
t = net:chain { routers = 2, hosts = 3, access = { rate = "5Mbps" }, prefix = "x" }
expect.equal(#t.hosts[1], 3)
expect.equal(t.hosts[2][3], t.last)
expect.equal(t.first.name, "xh1-1")
local u = net:chain { routers = 1, prefix = "y" }
expect.equal(#u.links, 0)
expect.equal(u.first, nil)

net = fresh { name = "ring" }
t = net:ring { routers = 5, hosts = 1, rate = "1Gbps", delay = "1ms" }
expect.equal(#t.links, 5)
expect.equal(t.links[5]:at(t[1]).peer.node, t[5])
reach(net, t.hosts)

net = fresh { name = "star" }
t = net:star { hosts = 6, rate = "100Mbps", rtt = "4ms" }
expect.equal(#t, 1)
expect.equal(t.center, t[1])
expect.equal(#t.hosts, 6)
expect.near(t.links[3].delay, "1ms", "1ns")
reach(net, { t.hosts[1], t.hosts[6] })

net = fresh { name = "stars" }
t = net:star { routers = 3, hosts = 2 }
expect.equal(#t, 3)
expect.equal(#t.hosts[3], 2)
reach(net, { t.first, t.last, t.hosts[2][1] })

net = fresh { name = "leaf_spine" }
t = net:leaf_spine { leaves = 4, spines = 2, hosts = 2, rate = "1Gbps" }
expect.equal(#t, 6)
expect.equal(#t.links, 8)
expect.equal(#t.leaf + #t.spine, 6)
reach(net, { t.first, t.last, t.hosts[2][2] })

net = fresh { name = "fat_tree" }
t = net:fat_tree { k = 4 }
expect.equal(#t, 20)
expect.equal(#t.core, 4)
expect.equal(#t.links, 32)
expect.equal(#t.hosts, 8)
expect.equal(#t.hosts[1], 2)
reach(net, { t.first, t.hosts[3][1], t.last })

net = fresh { name = "random" }
t = net:random { routers = 20, degree = 3, hosts = 1 }
expect.equal(#t, 20)
expect.equal(#t.links, 30)
reach(net, { t.hosts[1], t.hosts[7], t.hosts[20] })
net = fresh { name = "full" }
expect.equal(#net:random { routers = 5, edges = 10 }.links, 10)
expect.equal(#net:random { routers = 5, edges = 4, prefix = "tree" }.links, 4)

-- Routes that are kept up to date go round a cable that is cut.
net = fresh { name = "live" }
net:autoroute("live")
t = net:ring { routers = 5, hosts = 1, rate = "10Mbps", delay = "2ms" }
local ping = t.hosts[1]:ping(t.hosts[3], { interval = "10ms", stop = "4s" })
net:at("2s", function() t.links[1]:down() end)
net:at("3s", function() t.links[1]:up() end)
net:run("5s")
expect.below(ping.longest_gap, "50ms", "what was under way is lost, then it goes the other way")
expect.equal(ping.rtt.max > 0.016, true, "which has a link more")

-- A default route by its name; one with a larger metric takes over when the interface of the first is switched off.
net = fresh { name = "default" }
local a, b = net:host("a"), net:router("b")
net:link(a, b, { ip = { a = "10.0.1.1/24", b = "10.0.1.2/24" } })
net:link(a, b, { ip = { a = "10.0.2.1/24", b = "10.0.2.2/24" } })
net:link(b, net:host("c"), { ip = { a = "10.0.3.1/24", b = "10.0.3.2/24" } })
a:route("default", { via = "10.0.1.2", metric = 10 })
a:route("0/0", { via = "10.0.2.2", metric = 20 })
ping = a:ping("10.0.3.1", { interval = "100ms", count = 20 })
net:at("0.95s", function() a:iface(1):down() end)
net:run("4s")
expect.equal(ping.lost, 0)
expect.equal(a:iface(2):counters().tx_packets > 5, true)
