-- Each congestion control does something else than every other on the same path with the same losses and marks, and at
-- each step has a window of a packet at least and, if it is paced, a rate.
--
-- tags: regression tcp cc
-- needs: tcp
local names = { "bbr", "bbr3", "bic", "cubic", "dctcp", "highspeed", "htcp", "hybla", "illinois", "ledbat", "lp", "prague", "reno",
  "scalable", "vegas", "veno", "westwood", "yeah" }
local traces = {}
for _, cc in ipairs(names) do
  local net = weft.network { name = cc }
  local ecn = { sysctl = { ["net.ipv4.tcp_ecn"] = 1, ["net.ipv4.tcp_congestion_control"] = cc } }
  local a, r, b = net:host("a", ecn), net:router("r"), net:host("b", ecn)
  net:link(a, r, { rate = "10Gbps" })
  net:link(r, b, { rate = "40Mbps", delay = "30ms", queue = "pfifo limit 150 mark 120", loss = { ab = { every = 7919 }, ba = 0 } })
  local flow = net:tcp { from = a, to = b, cc = cc }
  flow:record("cwnd", "pacing_rate")
  net:run("10s")
  local trace, windows = {}, flow:series("cwnd")
  for i = 1, 100 do trace[i] = ("%d"):format(windows:at(i / 10) or 0) end
  expect.above(windows:min(), 0.5, cc .. ": the window is a packet at least")
  local rates = flow:series("pacing_rate")
  if rates.count > 0 then expect.above(rates:min(), 0, cc .. ": the pacing rate") end
  local text = table.concat(trace, " ")
  for other, its in pairs(traces) do expect(text ~= its, cc .. " is not " .. other) end
  traces[cc] = text
end
