-- One flow of each congestion control over 10 Mbit/s and 40 ms, with a buffer of one BDP and of five: the mean queue, the
-- goodput and what is sent again are those of Linux (kernel 7.2, measured in such a network of namespaces; doc/compared-with-linux.md
-- says how).
--
-- There a token bucket is the link: the packet that is being sent counts as queued, and one that finds the link idle passes at
-- once.  So Linux's queue is one packet longer than ours, and its buffer here, too, but for Vegas and BBR:
-- they measure the queue from the least round trip, which has no transmission in it there.
--
-- TCP-LP is left out: Linux's takes no delay for a sign here and is Reno, ours follows the paper.
--
-- tags: regression tcp cc linux
-- needs: tcp
local linux = { -- mean queue and packets sent again, one BDP; the same, five BDP
  bbr = { 6.45, 70, 6.37, 0 },
  bic = { 26.72, 239, 146.24, 461 },
  cubic = { 26.48, 20, 136.39, 29 },
  highspeed = { 20.88, 108, 129.24, 208 },
  htcp = { 17.96, 128, 104.25, 296 },
  hybla = { 19.23, nil, 122.11, nil }, -- its start found the queue of the flow before it
  illinois = { 24.11, 103, 133.44, 218 },
  reno = { 18.72, 99, 122.05, 204 },
  scalable = { 29.96, 296, 152.74, 597 },
  vegas = { 3.03, 14, 2.98, 0 },
  veno = { 19.04, 80, 122.09, 202 },
  westwood = { 18.58, 94, 98.10, 198 },
  yeah = { 19.07, 234, 110.98, 126 },
}
local seen = { vegas = true, bbr = true }

local function run(cc, limit)
  local net = weft.network { name = cc .. "-" .. limit }
  local s, r, d = net:host("s"), net:router("r"), net:host("d")
  net:link(s, r, { rate = "100Gbps", delay = { ab = 0, ba = "40ms" } })
  local neck = net:link(r, d, { rate = { ab = "10Mbps", ba = "100Gbps" }, delay = 0, queue = "pfifo limit " .. limit })
  local f = net:tcp { from = s, to = d, cc = cc == "cubic" and "cubic plateau linux" or cc }
  neck.ab:record("queue_packets")
  net:run("40s")
  local steady = { between = { "5s", "40s" } }
  return neck.ab:series("queue_packets"):mean(steady), f:stats(steady).goodput, f.retransmits
end

for cc, figures in pairs(linux) do
  for i, limit in ipairs { 33, 163 } do
    local what = ("%s, %d packets"):format(cc, limit)
    local queue, again = figures[2 * i - 1] - (seen[cc] and 0 or 1), figures[2 * i]
    local got, goodput, sent_again = run(cc, limit)
    weft.result("queue of " .. what, got, "packets")
    expect.near(got, queue, math.max(0.04 * queue, 0.8), "mean queue of " .. what)
    expect.between(goodput, cc == "bbr" and "9.15Mbps" or "9.35Mbps", "9.42Mbps", "goodput of " .. what)
    if again then expect.near(sent_again, again, math.max(0.1 * again, 18), "sent again by " .. what) end
  end
end
