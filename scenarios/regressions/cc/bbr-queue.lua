-- 10 Mbit/s, 40 ms, a buffer of three and of ten times what the path holds: BBR's queue is nearly empty,
-- CUBIC's cycles between 70 and 100 % of a deep buffer.  BBR's start leaves at most twice the path's content in the
-- queue, and looking for a shorter round trip every 10 s costs 2 % (Cardwell et al., ACM Queue 14(5),
-- 2016, figures 4 and 5).
--
-- tags: regression tcp cc bbr
-- needs: tcp
local bdp = 10e6 * 0.04 / (8 * 1538)
local buffer, deep = (3 * bdp) // 1, (10 * bdp) // 1

local function run(cc, buffer)
  local net = weft.network { name = ("%s-%d"):format(cc, buffer // 1) }
  local a, r, b = net:host("a"), net:router("r"), net:host("b")
  net:link(a, r, { rate = "10Gbps" })
  local link = net:link(r, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit " .. buffer // 1 })
  local flow = net:tcp { from = a, to = b, cc = cc }
  link.ab:record("queue_packets")
  net:run("60s")
  local q = link.ab:series("queue_packets")
  return {
    goodput = flow:stats { between = { "20s", "60s" } }.goodput,
    start = q:max { between = { "0s", "5s" } },
    mean = q:mean { between = { "20s", "60s" } },
    low = q:percentile(5, { between = { "20s", "60s" } }),
    high = q:percentile(99, { between = { "20s", "60s" } }),
  }
end

local bbr, cubic = run("bbr", buffer), run("cubic", buffer)
weft.result("mean queue of bbr", bbr.mean, "packets")
weft.result("mean queue of cubic", cubic.mean, "packets")
expect.below(bbr.mean, 0.3 * bdp, "BBR's mean queue")
expect.below(bbr.start, 2 * bdp + 10, "queue of BBR's start-up")
-- After a loss CUBIC has 0.7 (bdp + buffer) under way, of which bdp is in the path: 60 % of this buffer.
expect.near(cubic.low / buffer, (0.7 * (bdp + buffer) - bdp) / buffer, 0.1, "CUBIC's least queue")
expect.above(cubic.high, 0.97 * buffer, "CUBIC's longest queue")
-- 200 ms and a round trip of four packets in each 10 s, in which the queue is refilled.
local lost = 1 - bbr.goodput / cubic.goodput
weft.result("what probing the round trip costs", 100 * lost, "%")
expect.between(lost, 0.01, 0.035, "ProbeRTT's cost")

-- The deeper the buffer, the less the path counts: 0.7 (bdp + buffer) - bdp is nearly 70 % of ten BDP.
local deep_bbr, deep_cubic = run("bbr", deep), run("cubic", deep)
weft.result("least queue of cubic in ten BDP", deep_cubic.low / deep, "1")
expect.between(deep_cubic.low / deep, 0.63, 0.75, "CUBIC's least queue in ten BDP")
expect.above(deep_cubic.high, 0.97 * deep, "CUBIC's longest queue in ten BDP")
expect.below(deep_bbr.mean, 0.3 * bdp, "BBR's mean queue in ten BDP")
