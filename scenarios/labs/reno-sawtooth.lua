-- Why does Reno's congestion window look like a saw, and how large should a router's buffer be?
--
-- The window grows by one packet in each round trip until the queue at the bottleneck overflows, then it is
-- halved.  The path holds a bandwidth-delay product (BDP) of packets, the queue holds some more; the
-- window peaks where both are full.
--
-- Look at
--   sawtooth.png   "deep" has a queue of one BDP: the half of the peak is just what the path holds, so
--                  the queue runs empty but the link never idles.  "shallow" has a queue of five
--                  packets: at half of the peak the link idles half of the time.  Its teeth are straight;
--                  those of "deep" bend, as a round trip takes longer when the queue is longer.
--   deep.pcap      one of the losses: duplicate ACKs, one retransmission, and on
--
-- tags: lab tcp cc
-- needs: tcp
local net = weft.network()
local rate, delay, frame = 10e6, 80e-3, 1538 * 8 -- bits on the wire for a packet of 1500 bytes
local rtt = delay + frame / rate                 -- without a queue
local bdp = rate * rtt / frame                   -- packets

-- One flow alone: s -- r -- d, all delay behind the router.
local flows, links, limits = {}, {}, { deep = math.ceil(bdp), shallow = 5 }
for name, limit in pairs(limits) do
  local s, r, d = net:host("s-" .. name), net:router("r-" .. name), net:host("d-" .. name)
  net:link(s, r, { rate = "1Gbps" })
  local neck = net:link(r, d, { rate = rate, delay = delay / 2, queue = "pfifo limit " .. limit, name = name })
  local f = net:tcp { name = name, from = s, to = d, cc = "reno" }
  f:record("cwnd", "ssthresh")
  neck:record("queue_packets", "utilisation")
  flows[name], links[name] = f, neck
end
links.deep:capture { name = "deep", between = { "20s", "30s" } }
net:plot { "cwnd", "queue_packets", "utilisation", between = { "20s", "60s" }, name = "sawtooth" }
net:run("100s")

-- What a tooth should be.  A round trip takes `rtt` as long as the window fits into the path, and w / bdp
-- times as long when the rest of the window w waits in the queue.  In each, w packets are sent and the
-- window grows by one: integrals over w from peak / 2 to the peak.  Then come three round trips: one until
-- the loss is known, in which the window grows once more and one more packet is lost; one to repair the
-- first, while the window falls; and one at the low window to repair the second.
local function tooth(peak)
  local low = peak / 2
  local knee = math.min(math.max(bdp, low), peak)                                   -- from here on the queue fills
  local time = rtt * (knee - low + (peak ^ 2 - knee ^ 2) / (2 * bdp))               -- of 1 and w / bdp
  local packets = (peak ^ 2 - low ^ 2) / 2                                          -- of w
  local area = rtt * ((knee ^ 2 - low ^ 2) / 2 + (peak ^ 3 - knee ^ 3) / (3 * bdp)) -- of w and w^2 / bdp
  local full, empty = rtt * math.max(1, peak / bdp), rtt * math.max(1, low / bdp)
  local all = time + 2 * full + empty
  packets = packets + math.min(peak, low + bdp) + 2 * low -- the queue must take what the path does not
  return { ideal = area / time / peak, time = all,
           mean = (area + full * (peak + (peak + low) / 2) + empty * low) / all / peak,
           utilisation = math.min(1, packets / all * frame / rate) }
end

local window = { between = { "15s", "100s" } }
local rows = { columns = { "queue", "", "peak", "after / peak", "mean / peak", "tooth", "utilisation" },
               units = { "packets", "", "packets", "1", "1", "s", "1" },
               name = "teeth" }
for name, f in pairs(flows) do
  local cwnd, peaks, lows, times = f:series("cwnd"), {}, {}, {}
  local before, falling = 0, false
  for t, w in cwnd:each() do
    if w < before and not falling and t > 15 then
      peaks[#peaks + 1], lows[#lows + 1], times[#times + 1] = before, f:series("ssthresh"):at(t), t
    end
    falling, before = w < before or (falling and w == before), w
  end
  local function mean(list) local sum = 0 for _, x in ipairs(list) do sum = sum + x end return sum / #list end
  local peak, low, period = mean(peaks), mean(lows), (times[#times] - times[1]) / (#times - 1)
  local whole = { between = { times[1], times[#times] } }
  local share = cwnd:mean(whole) / peak
  local want = tooth(peak)
  rows[#rows + 1] = { limits[name], "seen", peak, low / peak, share, period, links[name]:stats(whole).utilisation }
  rows[#rows + 1] = { limits[name], "formula", bdp + limits[name] + 1, 0.5, want.mean, want.time, want.utilisation }

  -- The packet that does not fit any more is lost; the window grows once more until the sender knows.
  expect.near(peak, bdp + limits[name] + 1.5, 1.5, name .. ": the peak fills path and queue")
  expect.near(low / peak, 0.5, "3%", name .. ": a loss halves the window")
  expect.near(share, want.mean, "4%", name .. ": mean of the window, of its peak")
  expect.near(period, want.time, "6%", name .. ": how long a tooth lasts")
  expect.near(links[name]:stats(window).utilisation, want.utilisation, "4%", name .. ": use of the link")
end
weft.table(rows)

-- The textbook's figures are the two limits of the formula: 3/4 without a queue, 7/9 with one BDP.
expect.near(tooth(bdp).ideal, 3 / 4, 1e-9)
expect.near(tooth(2 * bdp).ideal, 7 / 9, 1e-9)
