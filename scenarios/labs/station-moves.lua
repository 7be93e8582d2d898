-- A host is unplugged here and plugged in there.
--
-- The switches believe for 300 s what they heard last.  b's old port does not go down (there is
-- another box in the wall), so frames to b go on to the old place: a black hole.  It ends when b is
-- heard at its new place:
--
--   loud     b announces itself (gratuitous ARP; Linux does with arp_notify = 1): at once
--   asked    b only answers.  The sender checks its ARP entry now and then; three questions to the old
--            place get no answer, the fourth is a broadcast: half a minute or more
--   quiet    the sender has a static ARP entry and never asks: until the switches forget, 300 s
--
-- Look at
--   the table: datagrams of the 25 a second that never arrived
--
-- tags: lab ethernet switch arp
-- needs: switch udp
local function move(name)
  local net = weft.network { name = name }
  local s1, s2 = net:switch("s1"), net:switch("s2")
  local a = net:host("a")
  local b = net:host("b", { sysctl = { ["net.ipv4.conf.all.arp_notify"] = name == "loud" and 1 or 0 } })
  net:link(a, s1)
  net:link(s1, s2)
  -- Two sockets in the wall, each a small switch; b's box is patched to one of them.
  local socket1, socket2, box = net:switch("socket1"), net:switch("socket2"), net:switch("box")
  net:link(s1, socket1)
  net:link(s2, socket2)
  local cable = net:link(b, box):at(b)
  local old, new = net:link(box, socket1), net:link(box, socket2)
  new:down()
  if name == "quiet" then a:arp(b.ip, b:iface(1)) end
  b:ping(a, { count = 1 })
  local flow = net:udp { from = a, to = b, rate = "100kbps", size = 500, start = "1s", stop = "391s" }
  net:at("10s", function()
    cable:down()
    old:down { silent = true }
    new:up()
    cable:up()
  end)
  net:run("400s")
  return flow
end

local rows, missing = { columns = { "b is", "lost", "seconds" } }, {}
for _, name in ipairs { "loud", "asked", "quiet" } do
  local f = move(name)
  missing[name] = (f.sent - f.received) / 25
  rows[#rows + 1] = { name, f.sent - f.received, missing[name] }
end
weft.table(rows)
expect.below(missing.loud, 0.1)
expect.between(missing.asked, 15, 60)
expect.near(missing.quiet, 300, 11, "since b was heard last, a second into the run")
