-- A packet too big for the next link: what a router does, and what a switch cannot do.
--
-- A router looks at the IP header: without DF it cuts the packet, with DF it tells the source the
-- size that fits.  A switch looks at no IP header and has no address to answer from: it drops the
-- frame, whatever DF says, and nobody is told.  That is why all links of a switched network must
-- have the same MTU.
--
-- The four cells: too big with DF clear and set, through a router and through a switch.
--
-- Look at
--   the table of drops: switch_giant at the switch's port
--   narrow.pcap: fragments behind the router
--
-- tags: lab ethernet switch mtu
-- needs: switch ping
local net = weft.network()
local a, b, c, d = net:host("a"), net:host("b"), net:host("c"), net:host("d")
local r, s = net:router("r"), net:switch("s")
net:link(a, r)
net:link(r, b, { mtu = 1000 }):capture { name = "narrow" }
net:link(c, s)
local small = net:link(s, d, { mtu = 1000 }):at(s)

-- 1500 bytes of IP
local r_clear = a:ping(b, { name = "router-DF-clear", size = 1472, df = "no", count = 1 })
local r_set = a:ping(b, { name = "router-DF-set", size = 1472, df = "yes", count = 1, start = "2s" })
local s_clear = c:ping(d, { name = "switch-DF-clear", size = 1472, df = "no", count = 1 })
local s_set = c:ping(d, { name = "switch-DF-set", size = 1472, df = "yes", count = 1, start = "2s" })
local fits = c:ping(d, { name = "switch-fits", size = 972, count = 1, start = "4s" })
net:run("10s")

expect.equal(r_clear.received, 1, "cut by the router")
expect.equal(r_set.received, 0)
expect.equal(r_set.mtu, 1000, "the router says what would fit")
expect.equal(s_clear.received, 0, "a switch cannot cut")
expect.equal(s_set.received, 0)
expect.equal(s_set.errors, 0, "and says nothing")
expect.equal(small:counters().drop_switch_giant, 2)
expect.equal(fits.received, 1)
