-- RFC 9438, tables 1 and 2, further down: the mean windows of Reno and CUBIC at losses so rare that a
-- window is hundreds of packets and a sawtooth takes minutes.
--
-- tags: long tcp cubic reno physics
-- needs: tcp
local cases = {
  { cc = "reno", rtt = 0.1, n = 100000, window = 379 },
  { cc = "cubic", rtt = 0.1, n = 100000, window = 1054 },
  { cc = "cubic", rtt = 0.01, n = 100000, window = 379 },
  { cc = "reno", rtt = 0.01, n = 1000000, window = 1200 },
  { cc = "cubic", rtt = 0.1, n = 1000000, window = 5926 },
  { cc = "cubic", rtt = 0.01, n = 1000000, window = 1200 },
}

for _, case in ipairs(cases) do
  local name = ("%s %g ms 1/%d"):format(case.cc, 1000 * case.rtt, case.n)
  local net = weft.network { name = name:gsub("[ /]", "-") }
  -- Neither buffers nor the queue may limit a window of several thousand packets.
  local big = { sysctl = { ["net.ipv4.tcp_rmem"] = "4096 131072 268435456",
                           ["net.ipv4.tcp_wmem"] = "4096 16384 268435456" } }
  local a, b = net:host("a", big), net:host("b", big)
  net:link(a, b, { rate = "100Gbps", delay = case.rtt / 2, loss = { ab = { every = case.n } }, queue = "pfifo limit 100000" })
  local flow = net:tcp { from = a, to = b, cc = case.cc }
  flow:record("cwnd")
  -- A sawtooth of n packets takes n / window round trips; it takes a dozen to forget slow start.
  local sawtooth = case.n / case.window * case.rtt
  local between = { 15 * sawtooth, 35 * sawtooth }
  net:run(between[2])

  local window = flow:series("cwnd"):mean { between = between }
  weft.result("window of " .. name, window, "packets")
  expect.near(window, case.window, "10%", "mean window of " .. name)
  -- Segments wait until several can leave together, so the window is not in use all the time.
  expect.near(flow:stats { between = between }.goodput * case.rtt / (8 * 1448), window, "7%", "goodput of " .. name)
  expect.above(flow.limited.cwnd, "99%", "the congestion window alone limits " .. name)
  expect.equal(flow.timeouts, 0)
end
