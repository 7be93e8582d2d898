-- What a switch under somebody's desk can do, and how ports are guarded against it.
--
-- Three offices have switches of their own, with priorities better than that of the core.  Ports 1 to 3
-- of the core lead to them: the first is unguarded, the second has root guard, the third BPDU guard.
--
-- Look at
--   the tables        the core's ports before and after
--   core-eth3.pcap    a BPDU comes in, and nothing leaves any more
--
-- tags: lab switch stp ping
-- needs: switch stp ping
local net = weft.network()
local core = net:switch("core", { stp = "rstp", priority = 8192 })
local fast = { rate = "1Gbps", delay = "5us" }
local server, rogue, user, links = net:host("server"), {}, {}, {}
local names = { "open", "root-guard", "bpdu-guard" }
for i, name in ipairs(names) do
  rogue[i] = net:switch("desk-" .. name, { stp = "rstp", priority = i == 1 and 4096 or 0 })
  links[i] = net:link(core, rogue[i], fast)
  user[i] = net:host("user-" .. name)
  net:link(rogue[i], user[i], fast)
  links[i]:down()
end
net:link(core, server, fast)
core:port(2).stp = { root_guard = true }
core:port(3).stp = { bpdu_guard = true }
core:port(3):capture()
local pings = {}
for i, u in ipairs(user) do pings[i] = u:ping(server, { start = "20s", count = 10 }) end

-- The guarded ones first: the core keeps its place.
net:at("10s", function() links[2]:up() links[3]:up() end)
net:at("12s", function()
  net:show("stp", core)
  expect(core:stp().is_root, "the core is still the root")
  expect.equal(core:port(2).stp.role, "alternate", "root guard: no way to a root is wanted here,")
  expect.equal(core:port(2).stp.state, "discarding", "so the port is closed while one is told of")
  expect.equal(core:port(3).stp.state, "disabled", "BPDU guard: the first BPDU closes the port")
  expect(core:port(3).stp.guarded)
end)
-- The unguarded one takes the tree over.
net:at("15s", function() links[1]:up() end)
net:at("17s", function()
  expect(not core:stp().is_root, "the switch under the desk is the root of the company")
  expect.equal(core:port(1).stp.role, "root")
end)
net:run("35s")
net:show("stp", core)
expect.equal(pings[1].received, 10, "behind the open port there is a connection")
expect.equal(pings[2].received, 0, "behind root guard none,")
expect.equal(pings[3].received, 0, "nor behind BPDU guard")

-- A better-behaved switch at the second port is let in without anybody's help; the third port stays
-- closed until its link was down.
rogue[2]:stp { priority = 61440 }
rogue[3]:stp { priority = 61440 }
net:run("40s")
expect.equal(core:port(2).stp.state, "forwarding")
expect.equal(core:port(3).stp.state, "disabled")
core:port(3).stp = { bpdu_guard = false }
links[3]:down()
net:after("1s", function() links[3]:up() end)
net:run("50s")
expect.equal(core:port(3).stp.state, "forwarding")
