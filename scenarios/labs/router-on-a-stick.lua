-- Two VLANs, one cable to a router.
--
-- Hosts in different VLANs cannot hear each other; what they have in common is a router.  It needs
-- no interface for each: on one cable, a trunk, it has one virtual interface for each VLAN, and each
-- packet from one VLAN to the other passes the cable twice, with two different tags.  The same is
-- done in the switch itself when it has an interface in both VLANs (a "layer 3 switch").
--
-- Look at
--   stick.pcap  each echo request twice: tag 10, then tag 20, TTL one less
--   the traceroutes: one router between the two in both cases
--
-- tags: lab ethernet switch vlan routing
-- needs: switch vlan ping traceroute
local net = weft.network()
local s, r = net:switch("s"), net:router("r")
local a, b = net:host("a"), net:host("b")
net:link(a, s):at(s):access(10)
net:link(b, s):at(s):access(20)
local stick = net:link(s, r)
stick:at(s):trunk { 10, 20 }
r:vlan(10):address("10.0.10.1/24")
r:vlan(20):address("10.0.20.1/24")
stick:capture { name = "stick" }

local seen = {}
stick:set { loss = { ab = function(p)
  if p.icmp and p.icmp.type == 8 then seen[#seen + 1] = { "to", p.vlan.id, p.ip.ttl } end
end, ba = function(p)
  if p.icmp and p.icmp.type == 8 then seen[#seen + 1] = { "from", p.vlan.id, p.ip.ttl } end
end } }
local p = a:ping(b, { count = 1 })
net:run("5s")
net:show("routes")
expect.equal(p.lost, 0)
expect.equal(#seen, 2, "there and back on the same cable")
expect.equal(seen[1][2], 10)
expect.equal(seen[2][2], 20)
expect.equal(seen[1][3] - seen[2][3], 1, "TTL")
local way = a:traceroute(b, { start = "6s" })
net:run("10s")
expect.equal(#way.hops, 2, "the router, then the host")

-- The switch routes itself.
local net = weft.network { name = "layer3" }
local s = net:switch("s")
local a, b = net:host("a"), net:host("b")
net:link(a, s):at(s):access(10)
net:link(b, s):at(s):access(20)
s:vlan(10):address("10.0.10.1/24")
s:vlan(20):address("10.0.20.1/24")
local p = a:ping(b, { count = 3 })
local way = a:traceroute(b, { start = "4s" })
net:run("10s")
net:show("arp")
expect.equal(p.lost, 0)
expect.equal(#way.hops, 2)
