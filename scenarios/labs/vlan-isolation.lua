-- One switch, two networks that do not hear each other.
--
-- Ports 1 and 2 are in VLAN 10, ports 3 and 4 in VLAN 20.  All four hosts have addresses in the same
-- subnet, so they believe to be neighbours; but an ARP request goes out only by ports of its own
-- VLAN.  A trunk to a second switch carries both VLANs over one cable, each frame with a tag.
--
-- Look at
--   trunk.pcap   the tags: 802.1Q, ID 10 and 20
--   the table of addresses, which is kept for each VLAN by itself
--
-- tags: lab ethernet switch vlan
-- needs: switch vlan ping
local net = weft.network()
local s1, s2, h = net:switch("s1"), net:switch("s2"), {}
for i = 1, 8 do
  local s = i <= 4 and s1 or s2
  h[i] = net:host("h" .. i)
  local link = net:link(h[i], s, { ip = { a = "10.0.0." .. i .. "/24" } })
  link:at(s):access(i % 2 == 1 and 10 or 20)
end
local trunk = net:link(s1, s2)
trunk:at(s1):trunk { 10, 20 }
trunk:at(s2):trunk { 10, 20 }

local tags = {}
trunk:set { loss = function(p)
  local id = p.vlan and p.vlan.id or "none"
  tags[id] = (tags[id] or 0) + 1
  return false
end }
trunk:capture { name = "trunk" }
local here = h[1]:ping(h[3], { count = 3 })     -- VLAN 10, one switch
local there = h[2]:ping(h[6], { count = 3 })    -- VLAN 20, over the trunk
local across = h[1]:ping(h[2], { count = 3 })   -- 10 to 20
local far = h[1]:ping(h[8], { count = 3 })      -- 10 to 20, over the trunk
net:run("10s")
net:show("fdb")

expect.equal(here.lost, 0)
expect.equal(there.lost, 0)
expect.equal(across.received, 0, "no way from 10 to 20")
expect.equal(far.received, 0)
expect.equal(tags.none, nil, "every frame on the trunk has a tag")
expect.above(tags[10], 0)
expect.above(tags[20], 0)
for _, entry in ipairs(s1:fdb()) do expect(entry.vlan == 10 or entry.vlan == 20) end
