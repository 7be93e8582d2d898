-- What a reconvergence of the spanning tree does to running flows: CUBIC and BBR over a ring of switches
-- whose link fails, seen by its ends, cut silently, and repaired.
--
-- Four switches in a ring, all of 100 Mbit/s and 1 ms, RSTP.  Two hosts at s1 send to two at s3, one
-- with CUBIC and one with BBR.
--
--     10 s   the link on the way fails, and both its ends see it
--     20 s   it comes back
--     30 s   it is cut, and nobody sees it: three hellos have to stay out
--
-- Look at
--   throughput.png    what arrives of each flow.  The failure that is seen costs what was on the wire;
--                     the one that is not costs about 5 s, and then a retransmission time-out that has
--                     been doubled meanwhile.  Even the repair can hurt: an acknowledgement that was
--                     on its way over the old path when s1 forgot its addresses teaches s1 the old path
--                     once more, and data run into a port that discards, until the news of the change
--                     is told again with the next hello.
--   cwnd.png          CUBIC begins again from one segment after its time-outs; BBR remembers the rate of
--                     the path
--
-- tags: experiment switch stp tcp cubic bbr
-- needs: switch stp tcp
local cc = weft.arg("cc", "bbr", "the congestion control beside CUBIC")
local net = weft.network { rtt = "8ms" }
local r = net:ring { switches = 4, stp = "rstp", rate = "100Mbps", delay = "1ms", queue = "2bdp" }
for i = 1, 4 do r[i]:stp { priority = 4096 * i } end
local access = { rate = "1Gbps", delay = "10us" }
local flows = {}
for i, name in ipairs { "cubic", cc } do
  local from, to = net:host("from-" .. name), net:host("to-" .. name)
  net:link(r[1], from, access):at(r[1]).stp = { edge = "yes" }
  net:link(r[3], to, access):at(r[3]).stp = { edge = "yes" }
  flows[i] = net:tcp { name = name, from = from, to = to, cc = name, start = "1s" }
  flows[i]:record("goodput", "cwnd")
end
net:plot { "goodput", of = flows, name = "throughput" }
net:plot { "cwnd", of = flows, name = "cwnd" }

local way = r.links[1] -- s1 – s2 – s3: the better bridge
net:at("9s", function()
  expect.equal(r.links[2]:at(r[3]).stp.role, "root", "the flows go by s2")
end)
net:at("10s", function() way:down() end)
net:at("20s", function() way:up() end)
net:at("30s", function() way:down { silent = true } end)
net:run("45s")

-- The longest time, within a window, in which next to nothing arrived.
local function outage(flow, from, to)
  local longest, since = 0, nil
  for t = from, to, 0.1 do
    local rate = flow:stats { between = { t, t + 0.1 } }.goodput
    if rate < 1e6 then since = since or t else since = nil end
    if since then longest = math.max(longest, t + 0.1 - since) end
  end
  return longest
end

local rows = {}
for _, f in ipairs(flows) do
  local seen, back, silent = outage(f, 9.5, 19.5), outage(f, 19.5, 29.5), outage(f, 29.5, 44.5)
  weft.result(f.name .. ", failure seen", seen, "s")
  weft.result(f.name .. ", repair", back, "s")
  weft.result(f.name .. ", failure not seen", silent, "s")
  -- The alternate port takes over at once; what was on the wire is lost, and found again within a few
  -- round trips or a time-out of a fifth of a second.
  expect.below(seen, 1, f.name .. ": a failure that is seen")
  -- The news is told for a hello time and a second (802.1D-2004 17.21.7); the next time-out may be as
  -- long again.
  expect.below(back, 2 * 3, f.name .. ": the repair")
  -- Three hellos, 4 to 6 s, until the tree changes, and a time-out that has doubled meanwhile: 0.2, 0.4,
  -- ... 3.2 s after the first loss come at 0.2, 0.6, 1.4, 3, 6.2 s, the next at 12.6 s.
  expect.between(silent, 4, 12.8, f.name .. ": a failure that is not")
end
local alone = flows[1]:stats { between = { 5, 10 } }.goodput + flows[2]:stats { between = { 5, 10 } }.goodput
expect.above(alone, 80e6, "before, the two fill the link")
