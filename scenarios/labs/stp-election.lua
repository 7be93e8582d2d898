-- How switches agree on a tree: who is the root, which way leads there, which ports stay silent.
--
--            s2 ══ s1         all links 1 Gbit/s but s1 — s4, which has 100 Mbit/s; two cables
--             \    / \        between s1 and s2
--              s3 ─── s4
--
-- Look at
--   the tables        roles and states before and after s4 is given the least priority at 20 s
--   s1-eth1.pcap      BPDUs: each switch begins by calling itself the root, and stops when it hears of
--                     a better one.  A proposal is answered by an agreement, and the port forwards.
--
-- tags: lab switch stp
-- needs: switch stp
local net = weft.network()
local s = {}
for i = 1, 4 do s[i] = net:switch("s" .. i, { stp = "rstp", priority = 4096 * i }) end
local gigabit, slow = { rate = "1Gbps", delay = "5us" }, { rate = "100Mbps", delay = "5us" }
local first, second = net:link(s[1], s[2], gigabit), net:link(s[1], s[2], gigabit)
local s2_s3, s3_s1 = net:link(s[2], s[3], gigabit), net:link(s[3], s[1], gigabit)
local s3_s4, s1_s4 = net:link(s[3], s[4], gigabit), net:link(s[1], s[4], slow)
first:capture()

local function check(link, switch, role, why)
  local stp = link:at(switch).stp
  expect.equal(stp.role, role, why)
  local want = (role == "root" or role == "designated") and "forwarding" or "discarding"
  expect.equal(stp.state, want, why)
end

net:at("10s", function()
  net:show("stp")
  -- IEEE 802.1D-2004, 17.5 and 17.6: the best root, then the least cost, the better bridge on the
  -- way, its better port.
  for i = 1, 4 do expect.equal(s[i]:stp().root, s[1]:stp().id, "s1 has the least priority") end
  expect.equal(s[2]:stp().root_cost, 20000, "table 17-3: 1 Gbit/s costs 20,000")
  expect.equal(s[4]:stp().root_cost, 40000, "100 Mbit/s would cost 200,000: two fast hops are better")
  check(first, s[2], "root", "of two equal cables that at s1's lower port")
  check(second, s[2], "alternate", "and the other waits")
  check(s3_s1, s[3], "root", "straight to the root")
  check(s2_s3, s[2], "designated", "as far from the root as s3, but the better bridge")
  check(s2_s3, s[3], "alternate", "so s3 does not speak here")
  check(s3_s4, s[4], "root", "the way over s3 costs less")
  check(s1_s4, s[4], "alternate", "than the slow cable")
  check(s1_s4, s[1], "designated", "all ports of the root are designated")
end)

net:at("20s", function() s[4]:stp { priority = 0 } end)
net:run("30s")
net:show("stp")
for i = 1, 4 do expect.equal(s[i]:stp().root, s[4]:stp().id, "the least priority now") end
check(s3_s4, s[3], "root", "s3 is next to the root")
check(s3_s1, s[1], "root", "s1 is better off over s3")
check(s1_s4, s[1], "alternate", "than by the slow cable")
check(s2_s3, s[2], "root", "and s2 too")
check(first, s[1], "designated", "s1 and s2 are equally far; s1 is the better bridge")
check(first, s[2], "alternate", "so s2 does not speak to s1,")
check(second, s[2], "alternate", "on either cable")
