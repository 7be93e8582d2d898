-- A switch learns who is where, and floods what it does not know.
--
-- Four hosts hang on one switch.  The first packet between two of them finds an empty table: the ARP
-- request is a broadcast anyway, and it teaches the switch where its sender is.  The answer goes to
-- that one port, and teaches where the other one is.  From then on nobody else sees their packets.
-- Entries are forgotten 300 s after a station was heard last.
--
-- Look at
--   the tables that are printed: empty, two entries, empty again
--   bystander.pcap   what a host sees of a conversation of others: a question, nothing else
--
-- tags: lab ethernet switch
-- needs: switch ping
local net = weft.network()
local s, h = net:switch("s"), {}
for i, name in ipairs { "a", "b", "c", "d" } do
  h[i] = net:host(name)
  net:link(h[i], s, { rate = "100Mbps", delay = "1us" })
end
h[3]:iface(1):capture { name = "bystander" }
local p = h[1]:ping(h[2], { count = 5 })
local q = h[1]:ping(h[2], { count = 1, start = "400s" })

expect.equal(#s:fdb(), 0)
net:run("10s")
net:show("fdb")
expect.equal(p.lost, 0)
expect.equal(#s:fdb(), 2, "both ends are known")
expect.equal(s:fdb()[1].port + s:fdb()[2].port, 3, "at ports 1 and 2")
expect.equal(s.flooded, 1, "the one ARP request")
expect.equal(h[3]:iface(1):counters().rx_packets, 1, "all that a bystander sees")

net:run("399s")
expect.equal(#s:fdb(), 0, "nothing was heard for 300 s")
net:run("420s")
-- The hosts know each other's addresses still, but must ask whether they are there: a unicast frame
-- to a station that the switch has forgotten.
net:show("fdb")
expect.equal(q.lost, 0)
expect.equal(#s:fdb(), 2)
expect.above(s.flooded, 1)
