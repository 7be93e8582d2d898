-- The two ends of a trunk disagree about the VLAN without a tag.
--
-- s1 believes that frames without a tag are of VLAN 10, s2 that they are of VLAN 20.  So frames of
-- VLAN 10 leave s1 without a tag and are in VLAN 20 at s2: two networks that should be apart are
-- one, and VLAN 10 is cut in two.  Nothing reports it (a discovery protocol could).
--
-- tags: lab ethernet switch vlan
-- needs: switch vlan ping
local net = weft.network()
local s1, s2 = net:switch("s1"), net:switch("s2")
local h = {}
for i, where in ipairs { { s1, 10 }, { s1, 20 }, { s2, 10 }, { s2, 20 } } do
  h[i] = net:host("h" .. i)
  net:link(h[i], where[1], { ip = { a = "10.0.0." .. i .. "/24" } }):at(where[1]):access(where[2])
end
local trunk = net:link(s1, s2)
trunk:at(s1):trunk { 10, 20, native = 10 }
trunk:at(s2):trunk { 10, 20, native = 20 }
trunk:capture { name = "trunk" }
local ten = h[1]:ping(h[3], { name = "10-to-10", count = 3 })
local leak = h[1]:ping(h[4], { name = "10-to-20", count = 3 })
net:run("5s")
expect.equal(ten.received, 0, "VLAN 10 is cut in two")
expect.equal(leak.received, 3, "VLAN 10 here is VLAN 20 there")

-- The cure: the same native VLAN at both ends, best one that nobody uses.
trunk:at(s1):trunk { 10, 20, native = 999 }
trunk:at(s2):trunk { 10, 20, native = 999 }
local cured = h[1]:ping(h[3], { name = "cured", count = 3, start = "10s" })
local apart = h[1]:ping(h[4], { name = "apart", count = 3, start = "70s" })
net:run("80s")
expect.equal(cured.received, 3)
expect.equal(apart.received, 0)
