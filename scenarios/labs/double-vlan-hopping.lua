-- A frame with two tags jumps into another VLAN.
--
-- Eve is in VLAN 1, which is the native VLAN of the trunk between the switches: it travels without a
-- tag.  She sends a frame with two tags, 1 outside and 20 inside.  The first switch takes the outer
-- one for what it is, her own VLAN, and strips it on the trunk; what is left on the wire is a frame
-- of VLAN 20, and the second switch delivers it there.  Nothing comes back: the way is one way.
--
-- The cure is a native VLAN that no host is in.
--
-- Look at
--   eve.pcap and trunk.pcap: two tags, then one, and it is the wrong one
--
-- tags: lab ethernet switch vlan security
-- needs: switch vlan udp
local function attack(name, native)
  local net = weft.network { name = name }
  local s1, s2 = net:switch("s1"), net:switch("s2")
  local eve, victim = net:host("eve"), net:host("victim")
  local cable = net:link(eve, s1, { ip = { a = "10.0.1.66/24" } })
  cable:at(s1):access(1)
  net:link(victim, s2, { ip = { a = "10.0.20.2/24" } }):at(s2):access(20)
  local trunk = net:link(s1, s2)
  trunk:at(s1):trunk { 1, 20, native = native }
  trunk:at(s2):trunk { 1, 20, native = native }
  -- An interface on an interface: two tags.  Nobody can answer, so Eve must know the victim's address.
  eve:vlan(1)
  eve:vlan(20, "eth1.1"):address("10.0.20.66/24")
  eve:arp("10.0.20.2", victim:iface(1))
  local twice, wrong = 0, 0
  cable:set { loss = { ab = function(p) if p.vlan and p.vlan.id == 1 then twice = twice + 1 end end } }
  trunk:set { loss = { ab = function(p) if p.vlan and p.vlan.id == 20 then wrong = wrong + 1 end end } }
  cable:capture { name = "eve-" .. name }
  trunk:capture { name = "trunk-" .. name }
  net:udp { from = eve, to = "10.0.20.2:5000", rate = "80kbps", size = 100, stop = "1s" }
  net:run("2s")
  return twice, wrong, victim:iface(1):counters().rx_packets
end

local sent, on_trunk, arrived = attack("open", 1)
print(sent, on_trunk, arrived)
expect.above(sent, 90)
expect.equal(on_trunk, sent, "one tag is gone, the other counts")
expect.equal(arrived, sent, "in VLAN 20")

local sent, on_trunk, arrived = attack("closed", 999)
expect.above(sent, 90)
expect.equal(on_trunk, 0, "VLAN 1 has its tag on the trunk; the inner one stays inside")
expect.equal(arrived, 0)
