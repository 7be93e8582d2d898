-- A table that is full learns nobody more, and the switch becomes a hub.
--
-- The switch has room for 8 addresses.  With six hosts all is well: the bystander sees nothing of what
-- others say.  An attacker then speaks from many addresses (here: many hosts behind one port) until
-- the table is full.  Whoever is not in it is unknown, so frames to him are flooded to everybody, the
-- attacker included.
--
-- Look at
--   s.overflows, and what the bystander's interface received before and after
--
-- tags: lab ethernet switch security
-- needs: switch ping
local net = weft.network()
local s = net:switch("s", { capacity = 8 })
local a, b, eve = net:host("a"), net:host("b"), net:host("eve")
for _, h in ipairs { a, b, eve } do net:link(h, s) end
-- The attacker's many faces.
local behind = net:switch("behind")
net:link(behind, s)
local target = net:host("target")
net:link(target, s)
for i = 1, 20 do
  local face = net:host("face" .. i)
  net:link(face, behind)
  -- each says one thing, before the honest ones come back
  face:ping(target, { count = 1, start = 310 + i * 0.01 })
end

local first = a:ping(b, { name = "before", count = 10, interval = "100ms", start = "1s" })
net:run("300s")
local seen_before = eve:iface(1):counters().rx_packets
expect.equal(s.overflows, 0)
expect.below(seen_before, 5, "the bystander hears a question or two")

local second = a:ping(b, { name = "after", count = 10, interval = "100ms", start = "320s" })
net:run("330s")
net:show("fdb", s)
local seen = eve:iface(1):counters().rx_packets - seen_before
print("the bystander saw", seen_before, "frames before and", seen, "after")
expect.equal(first.lost + second.lost, 0, "everything arrives, here and elsewhere")
expect.equal(#s:fdb(), 8)
expect.above(s.overflows, 10)
expect.above(seen, 20, "requests and answers of others")
