-- The mean window of one long Reno flow that loses exactly one packet in n.
--
-- With periodic loss the window is a sawtooth between W/2 and W that sends n packets in W/2 round trips, so
-- that its mean is (1.5 n)^0.5; RFC 9438, table 1, has the rounded figures.  Delayed acknowledgements do not
-- change it, because the packets acknowledged are counted, not the acknowledgements.
--
-- The model knows no round trip in which what was lost is sent again, at W/2.  It makes no difference but
-- where W is small: there 3/8 W^2 + W/2 packets are sent in W/2 + 1 round trips.
--
-- The path is so fast and its queue so long that nothing but the congestion window limits the flow.
--
-- tags: regression tcp reno physics
-- needs: tcp
local duration, warm_up = 400, 100

local peak = ((0.25 + 1.5 * 100) ^ 0.5 - 0.5) / 0.75 -- 3/8 W^2 + W/2 = 100

local cases = {
  { n = 100, window = 100 / (peak / 2 + 1) },
  { n = 1000, window = 38 },
  { n = 3000, window = (1.5 * 3000) ^ 0.5 },
  { n = 10000, window = 120 },
}
for _, case in ipairs(cases) do
  local net = weft.network { name = "p" .. case.n }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "1Gbps", delay = "50ms", loss = { ab = { every = case.n } }, queue = "pfifo limit 10000" })
  local flow = net:tcp { from = a, to = b, cc = "reno" }
  flow:record("cwnd")
  net:run(duration)

  local between = { warm_up, duration }
  local window, figures = flow:series("cwnd"):mean { between = between }, flow:stats { between = between }
  weft.result("window at 1/" .. case.n, window, "packets")
  expect.near(window, case.window, "10%", "mean window at a loss of 1/" .. case.n)
  -- A window arrives each round trip; recovery keeps a little less than the window on the way.
  expect.near(figures.goodput * 0.1 / (8 * 1448), window, "6%", "goodput at a loss of 1/" .. case.n)
  expect.near(figures.loss, 1 / case.n, "10%", "each loss is mended by one retransmission")
  expect.equal(flow.timeouts, 0)
  expect.above(flow.limited.cwnd, "99%", "the congestion window alone limits")
end
