-- What a dead root leaves behind: news of it that goes round in a ring, each time a little worse, until
-- its age ends it (Myers, Ng, Zhang, "Rethinking the Service Model", 2004; Elmeleegy, Cox, Ng, "On
-- Count-to-Infinity Induced Forwarding Loops in Ethernet Networks", 2006).
--
-- s1, the root, hangs on s2, which is in a ring with s3, s4 and s5.  When the link to s1 fails, s2 says
-- that it is the root now.  But s5 has an alternate port, behind which s4 still knows a way to s1:
-- through s2.  The two stories chase each other around the ring.
--
-- Look at
--   cost.png          what each switch believes the way to its root to cost; the dead root's grows
--   s2-eth2.pcap      Root Identifier and Message Age of the BPDUs after 30 s
--
-- tags: lab switch stp
-- needs: switch stp
local net = weft.network()
local s, ring = {}, {}
for i = 1, 5 do s[i] = net:switch("s" .. i, { stp = "rstp", priority = 4096 * i }) end
local link = { rate = "1Gbps", delay = "1ms" }
local up = net:link(s[1], s[2], link)
for i = 2, 5 do ring[i] = net:link(s[i], s[i % 5 + (i == 5 and 2 or 1)], link) end
ring[2]:capture()

-- Who believes in s1, and at what cost, while it is gone.
local dead, most, last, cost, hops = s[1]:stp().id, 0, 0, {}, 20000
for i = 2, 5 do cost[i] = { name = "s" .. i, label = "hops to the root", x = {}, y = {} } end
net:every("1ms", function()
  for i = 2, 5 do
    local t = s[i]:stp()
    cost[i].x[#cost[i].x + 1], cost[i].y[#cost[i].y + 1] = now(), t.root_cost / hops
    if t.root == dead and now() > 30.1 then most, last = math.max(most, t.root_cost / hops), now() end
  end
end, { start = "29.9s", stop = "40s" })
net:at("30s", function() up:down() end)
net:run("60s")

weft.plot { cost[2], cost[3], cost[4], cost[5], style = "steps", x_label = "time", x_unit = "s", name = "cost" }
weft.result("longest belief in the dead root", last - 30, "s")
weft.result("hops that it was believed to be away", most, "")
for i = 2, 5 do expect.equal(s[i]:stp().root, s[2]:stp().id, "in the end s2 is the root") end
expect.equal(s[5]:stp().root_cost, hops, "and s5 reaches it straight")
-- No way in the network has more than 4 hops.
expect.above(most, 4, "the cost is counted up")
-- 802.1D-2004 17.21.23: 20 hops (max age); 17.14: after 6 BPDUs in a row a port sends one a second.
expect(most <= 20, "the age ends it")
expect.between(last - 30, 1, 20, "held up by the limit on BPDUs it takes seconds")
