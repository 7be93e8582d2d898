-- How much random loss can each congestion control bear?
--
-- Packets are lost at random, at rates from 0.01 to 10 %, on a link of 20 Mbit/s, 40 ms.  A sender that takes
-- each loss for congestion has, in the mean, a window of 1.22 / sqrt(p) packets (Mathis et al., CCR 27(3), 1997):
-- its goodput falls by a factor of ten for each factor of a hundred in loss, whatever the link could carry.
-- BBR looks at the rate of delivery instead, and loses little more than what is lost.  Westwood is in between: after
-- a loss it goes back to what the path has delivered, not to the half.
--
-- Look at
--   goodput.png    Reno on Mathis's line where that is below the link's rate; CUBIC follows, as so short a
--                  round trip leaves it in its Reno-friendly region (RFC 9438, 4.3); BBR flat
--   reno.pcap, bbr.pcap   1 % loss, half a second
--
-- tags: lab tcp cc loss
-- needs: tcp
local rate, rtt = 20e6, 40e-3
local losses = { 1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1 }
local names = { "reno", "cubic", "westwood", "bbr" }
local link_goodput = rate * 1448 / 1538

local lines = { name = "goodput", log = "xy", style = "linespoints", x_label = "packets lost", x_unit = "1",
                title = "Loss-based senders fall with the square root of the loss, BBR does not" }
local got = {}
for i, cc in ipairs(names) do
  got[cc] = {}
  for k, p in ipairs(losses) do
    local net = weft.network { name = ("%s-%g"):format(cc, p) }
    local a, b = net:host("a"), net:host("b")
    local link = net:link(a, b, { rate = rate, delay = rtt / 2, queue = "pfifo limit 70", loss = { ab = p } })
    if p == 1e-2 and (cc == "reno" or cc == "bbr") then
      link:capture { name = cc, between = { "10s", "10.5s" }, snaplen = 96 }
    end
    local f = net:tcp { name = cc, from = a, to = b, cc = cc }
    net:run("40s")
    got[cc][k] = f:stats { between = { "5s", "40s" } }.goodput
  end
  lines[i] = { name = cc, x = losses, y = got[cc], unit = "bit/s", label = "goodput" }
end
local mathis, corner = {}, (1.22 * 1448 * 8 / (rtt * link_goodput)) ^ 2 -- the loss that would just fill the link
for k, p in ipairs(losses) do
  mathis[k] = math.min(1.22 * 1448 * 8 / (rtt * p ^ 0.5), link_goodput * (1 - p))
end
lines[#lines + 1] = { name = "Mathis, up to the link's rate", x = losses, y = mathis, unit = "bit/s", label = "goodput",
                      style = "dashes" }
weft.plot(lines)

local rows = { name = "goodput", columns = { "loss", "reno", "Mathis", "cubic", "westwood", "bbr" },
               units = { "1", "bit/s", "bit/s", "bit/s", "bit/s", "bit/s" } }
for k, p in ipairs(losses) do
  rows[k] = { p, got.reno[k], mathis[k], got.cubic[k], got.westwood[k], got.bbr[k] }
  local percent = ("%g %%"):format(100 * p)
  if p > 2 * corner and p < 0.05 then
    -- Repair takes a round trip or two in which the window does not grow, which the formula leaves out; and
    -- some fifty losses in a run make one of ten per cent more or less.
    expect.between(got.reno[k] / mathis[k], 0.7, 1.15, "Reno against Mathis at " .. percent)
    expect.between(got.cubic[k] / got.reno[k], 0.7, 1.4, "CUBIC in its Reno-friendly region at " .. percent)
  end
  -- Probing for the least RTT costs BBR 2 % (200 ms in 10 s); it gives up where losses look like a policer's.
  if p < 0.05 then expect.near(got.bbr[k], 0.98 * link_goodput * (1 - p), "4%", "BBR at " .. percent) end
end
weft.table(rows)
expect.below(got.reno[#losses], 0.05 * link_goodput, "Reno at 10 %: time-outs, below Mathis")
expect.above(got.bbr[#losses], 0.75 * link_goodput, "BBR at 10 %")
expect.above(got.westwood[5], 1.5 * got.reno[5], "Westwood at 1 %: it sets its window to what the path delivered")
