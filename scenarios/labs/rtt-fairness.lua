-- Two flows share a bottleneck, one with a short round trip and one with a long one: who gets how much?
--
-- Reno's window grows by a packet each round trip, and is sent once in a round trip; so a short one helps twice.  If
-- both flows lose at the same times, their rates are as 1 / RTT^2; if losses fall on packets at random, as 1 / RTT
-- (Mathis et al. 1997).  A queue is in between (Lakshman, Madhow, ToN 5(3), 1997: 1 / RTT^a, 1 < a < 2).
-- CUBIC's window grows with time, so flows that lose together have equal windows, and rates as 1 / RTT; but where that
-- would be less than Reno's window, it is Reno (RFC 9438 4.3), as the short flow often is here.  Hybla lets
-- the long flow grow as if its RTT were 25 ms.  BBR keeps as much under way as the path holds, which evens it out.
-- Linux 7.2 had, over such a path for one minute with RTTs of 40, 80 and 160 ms beside 20 ms, these exponents: Reno
-- 1.42, 1.45 and 1.49, CUBIC 1.04, 1.18 and 1.02; and with BBR 1.1, 1.3 and 1.8 times as much for the short flow.
--
-- Look at
--   shares.png       the ratio of the goodputs over that of the RTTs (with the queue in them), and both limits
--   reno-neck.pcap   RTTs of 20 and 160 ms: count the packets of the two flows
--
-- tags: lab tcp cc fairness
-- needs: tcp
local rate, rtt, horizon = 12e6, 20e-3, 100
local ratios = { 1, 2, 4, 8 }
local names = { "reno", "cubic", "hybla", "bbr" }

-- A queue of one BDP of the short flow.  Without the jitter of two packets the flows fall into step with the
-- queue, and one finds it full again and again (Floyd, Jacobson: "On traffic phase effects", 1992).
local function run(cc, ratio)
  local net = weft.network { name = cc .. "-" .. ratio }
  local left, right = net:router("left"), net:router("right")
  local neck = net:link(left, right, { rate = rate, delay = "1ms", queue = "pfifo limit 20" })
  if cc == "reno" and ratio == 8 then
    neck:capture { name = "reno-neck", between = { horizon - 2, horizon }, snaplen = 96 }
  end
  local flows = {}
  for i, own in ipairs { rtt, rtt * ratio } do
    local s, d = net:host("s" .. i), net:host("d" .. i)
    net:link(s, left, { rate = "1Gbps", delay = own / 2 - 1e-3, jitter = { ab = "2ms", ba = 0 } })
    net:link(right, d, { rate = "1Gbps" })
    flows[i] = net:tcp { name = i == 1 and "short" or "long", from = s, to = d, cc = cc, start = (i - 1) * 0.5 }
  end
  net:run(horizon)
  local window = { between = { 15, horizon } }
  expect.above(neck:stats(window).utilisation, 0.9, cc .. ": the link is busy")
  return flows[1]:stats(window).goodput / flows[2]:stats(window).goodput, flows[2].rtt.mean / flows[1].rtt.mean
end

local shares, exponents, seens = {}, {}, {}
local rows = { name = "shares", columns = { "", "RTT ratio", "goodput ratio", "exponent" }, units = { "", "", "", "" } }
for _, cc in ipairs(names) do
  shares[cc], exponents[cc], seens[cc] = {}, {}, {}
  for i, ratio in ipairs(ratios) do
    local share, seen = run(cc, ratio) -- the queue is a part of both round trips
    shares[cc][i], seens[cc][i] = share, seen
    exponents[cc][i] = ratio > 1 and math.log(share) / math.log(seen) or nil
    rows[#rows + 1] = { cc, seen, share, exponents[cc][i] or "" }
  end
end
weft.table(rows)

local lines = { style = "linespoints", log = "xy", name = "shares", x_label = "mean RTT of the long flow, over that of the short one",
                title = "With Reno a short round trip pays twice, with CUBIC once, with BBR and Hybla hardly" }
local function line(name, x, y, style)
  lines[#lines + 1] = { name = name, x = x, y = y, label = "goodput of the short flow, over that of the long one",
                        style = style }
end
for _, cc in ipairs(names) do line(cc, seens[cc], shares[cc]) end
line("as 1 / RTT", { 1, 6 }, { 1, 6 }, "dashes")
line("as 1 / RTT^2", { 1, 6 }, { 1, 36 }, "dashes")
weft.plot(lines)

-- What a minute leaves to chance: of three simulated ones CUBIC's exponents are up to 0.3 apart, BBR's shares up to a
-- factor of 1.5.
local linux = { cubic = { nil, 1.04, 1.18, 1.02 }, bbr = { nil, 1.12, 1.32, 1.84 } }
for _, cc in ipairs(names) do expect.between(shares[cc][1], 0.8, 1.25, cc .. ": equal round trips, equal shares") end
for i = 2, #ratios do
  local what = " with an RTT ratio of " .. ratios[i]
  expect.between(exponents.reno[i], 1, 2, "Reno's exponent" .. what)
  expect.near(exponents.cubic[i], linux.cubic[i], 0.4, "CUBIC's exponent, against Linux," .. what)
  expect.between(shares.hybla[i], 0.7, 1.4, "Hybla's shares" .. what)
  expect.between(shares.bbr[i] / linux.bbr[i], 0.6, 1.6, "BBR's shares, against Linux," .. what)
end
expect.above(shares.reno[4], 1.3 * shares.cubic[4], "Reno is less fair than CUBIC")
