-- The mean window of one long CUBIC flow that loses exactly one packet in n: RFC 9438, tables 1 and 2.
--
-- Between two losses the window follows C (t - K)^3 + W, whatever the round-trip time; so with 100 ms
-- CUBIC has more than Reno at low loss (187 against 120 packets at 1/10000), while with 10 ms, or with
-- much loss, Reno's growth is the faster and CUBIC keeps up with it.
--
-- Linux rounds the curve so that the window of the last loss is reached 1.36 s early, which this loss pattern rewards: 6.18
-- has a mean window of 216 packets at 1/10000 over a path of TUN devices, as `plateau linux` has.
--
-- tags: regression tcp cubic physics
-- needs: tcp
local cases = {
  { rtt = 0.1, n = 1000, window = 38 },
  { rtt = 0.1, n = 10000, window = 187 },
  { rtt = 0.1, n = 10000, window = 216, cc = "cubic plateau linux" },
  { rtt = 0.01, n = 1000, window = 38 },
  { rtt = 0.01, n = 10000, window = 120 },
}

for _, case in ipairs(cases) do
  local cc = case.cc or "cubic"
  local name = ("%s, %g ms 1/%d"):format(cc, 1000 * case.rtt, case.n)
  local net = weft.network { name = name:gsub("[ ,/]+", "-") }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "10Gbps", delay = case.rtt / 2, loss = { ab = { every = case.n } }, queue = "pfifo limit 10000" })
  local flow = net:tcp { from = a, to = b, cc = cc }
  flow:record("cwnd")
  -- Slow start ends far above; it takes a dozen losses to come down.
  local duration = 3000 * case.rtt
  net:run(duration)

  local between = { 800 * case.rtt, duration }
  local window = flow:series("cwnd"):mean { between = between }
  weft.result("window at " .. name, window, "packets")
  expect.near(window, case.window, "10%", "mean window at " .. name)
  -- Segments wait until several can leave together, so the window is not in use all the time.
  expect.near(flow:stats { between = between }.goodput * case.rtt / (8 * 1448), window, "7%", "goodput at " .. name)
  expect.equal(flow.timeouts, 0)
end
