-- 10 Mbit/s, 40 ms, a buffer of three times what the path holds: BBR's queue is nearly empty, CUBIC's
-- cycles between 70 and 100 % of the buffer.  BBR's start leaves at most twice the path's content in the
-- queue, and looking for a shorter round trip every 10 s costs 2 % (Cardwell et al., ACM Queue 14(5),
-- 2016, figures 4 and 5).
--
-- tags: regression tcp cc bbr
-- needs: tcp
local bdp = 10e6 * 0.04 / (8 * 1538)
local buffer = (3 * bdp) // 1

local function run(cc)
  local net = weft.network { name = cc }
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

local bbr, cubic = run("bbr"), run("cubic")
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
