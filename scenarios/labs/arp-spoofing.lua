-- Whoever answers first is believed.
--
-- ARP has no proof of anything.  Mallory takes the router's IP address and announces it (gratuitous
-- ARP); the victim, who has an entry for the router, puts Mallory's Ethernet address into it.  From
-- then on his packets to the world go to Mallory, who drops them.  (If the router happens to ask for
-- the victim, its question sets things right; Mallory would announce herself again and again.)  A
-- static entry is the cure: it believes nobody.
--
-- Look at
--   victim.pcap   the announcement, and the same IP address at two Ethernet addresses
--   the victim's ARP table before and after
--
-- tags: lab ethernet switch arp security
-- needs: switch ping
local net = weft.network()
local s, r, world = net:switch("s"), net:router("r"), net:host("world")
local victim = net:host("victim")
local careful = net:host("careful")
local mallory = net:host("mallory", { sysctl = { ["net.ipv4.conf.all.arp_notify"] = 1 } })
net:link(r, s, { ip = { a = "10.0.0.1/24" } })
net:link(victim, s, { ip = { a = "10.0.0.2/24" } }):capture { name = "victim" }
net:link(careful, s, { ip = { a = "10.0.0.3/24" } })
net:link(mallory, s, { ip = { a = "10.0.0.66/24" } })
net:link(r, world)
careful:arp("10.0.0.1", r:iface(1))

local before = victim:ping(world, { name = "before", count = 3 })
local safe = careful:ping(world, { name = "believes-nobody", count = 20, interval = "500ms" })
net:at("7s", function()
  mallory:iface(1):address("10.0.0.1/24", { duplicate = true })
end)
local after = victim:ping(world, { name = "after", count = 3, interval = "100ms", start = "8s" })
net:run("6s")
local table_before = net:show("arp", victim)
net:run("20s")
local table_after = net:show("arp", victim)

expect.equal(before.received, 3)
expect.equal(after.received, 0, "swallowed by Mallory")
expect(table_before:find(r:iface(1).mac, 1, true), "the victim knew the router")
expect(not table_after:find(r:iface(1).mac, 1, true), "and knows it no more")
expect.equal(safe.received, 20, "the static entry believes nobody")
