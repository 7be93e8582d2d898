-- A provider carries a customer's VLANs within one of its own.
--
-- The customer has two sites with VLANs 10 and 20 at each.  The provider gives him one VLAN, 100: at
-- the edge, a tunnel port puts a provider's tag (0x88a8) in front of whatever comes, the customer's
-- own tag included, and takes it off at the other side.  Another customer may use the same numbers.
--
-- Look at
--   core.pcap      two tags: 802.1ad ID 100, behind it 802.1Q ID 10 or 20
--   customer.pcap  one tag
--
-- tags: lab ethernet switch vlan qinq
-- needs: switch vlan ping
local net = weft.network()
local p1, p2 = net:switch("p1"), net:switch("p2")      -- the provider's
local core = net:link(p1, p2, { mtu = 1504 })          -- room for one more tag
core:at(p1):trunk { 100, 200, tpid = 0x88a8 }
core:at(p2):trunk { 100, 200, tpid = 0x88a8 }

local function site(name, provider, vlan, number)
  local s, hosts = net:switch(name), {}
  for i, id in ipairs { 10, 20 } do
    hosts[i] = net:host(name .. "-" .. id)
    net:link(hosts[i], s, { ip = { a = "10." .. vlan .. "." .. id .. "." .. number .. "/24" } }):at(s):access(id)
  end
  local uplink = net:link(s, provider)
  uplink:at(s):trunk { 10, 20 }
  uplink:at(provider):tunnel(vlan)
  return hosts, uplink
end
local a1, uplink = site("a1", p1, 100, 1)
local a2 = site("a2", p2, 100, 2)
local b1 = site("b1", p1, 200, 1)
local b2 = site("b2", p2, 200, 2)
core:capture { name = "core" }
uplink:capture { name = "customer" }

local outer, inner, single = {}, {}, true
core:set { loss = function(p)
  outer[p.ieee8021ad and p.ieee8021ad.id or 0] = true
  inner[p.vlan and p.vlan.id or 0] = true
end }
uplink:set { loss = function(p) single = single and p.vlan ~= nil and p.ieee8021ad == nil end }
local ok = { a1[1]:ping(a2[1], { count = 2 }), a1[2]:ping(a2[2], { count = 2 }),
             b1[1]:ping(b2[1], { count = 2 }) }
-- 1500 bytes of IP, two tags: the core has room for them
local big = a1[1]:ping(a2[1], { name = "big", size = 1472, df = "yes", count = 1, start = "3s" })
net:run("5s")
net:show("fdb", p1)
for _, p in ipairs(ok) do expect.equal(p.lost, 0) end
expect.equal(big.lost, 0)
expect(outer[100] and outer[200] and not outer[0], "every frame in the core has a provider's tag")
expect(inner[10] and inner[20] and not inner[0], "and the customer's behind it")
expect(single, "the customer sees only his own")
for _, entry in ipairs(p1:fdb()) do expect(entry.vlan == 100 or entry.vlan == 200) end
