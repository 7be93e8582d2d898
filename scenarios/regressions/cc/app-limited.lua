-- An application that sends 20 kB five times a second, on a path that could carry a hundred times as much: the window that
-- it does not use says nothing about the path, and must not grow (RFC 7661 4; RFC 5681 3.1).  In slow start Linux lets it
-- grow to twice of what was in use; BBR's window is at most 2.89 times the rate that was seen, times the RTT.
--
-- tags: regression tcp cc
-- needs: tcp
local names = { "bbr", "bbr3", "bic", "cubic", "dctcp", "highspeed", "htcp", "hybla", "illinois", "ledbat", "lp", "prague", "reno",
  "scalable", "vegas", "veno", "westwood", "yeah" }
local burst = 14 -- packets

for _, cc in ipairs(names) do
  local net = weft.network { name = cc }
  local ecn = { sysctl = { ["net.ipv4.tcp_ecn"] = cc == "prague" and 3 or 1 } }
  local a, b = net:host("a", ecn), net:host("b", ecn)
  net:link(a, b, { rate = "100Mbps", delay = "15ms" })
  local windows, rates = {}, {}
  b:spawn(function()
    local s = b:listen(80):accept()
    while s:recv() do end
  end)
  a:spawn(function()
    local s = assert(a:connect(b, 80, { sockopt = { TCP_CONGESTION = cc } }))
    for i = 1, 100 do
      s:send(string.rep("x", burst * 1448))
      sleep("200ms")
      local info = s:sockopt("TCP_INFO")
      windows[i], rates[i] = info.tcpi_snd_cwnd, info.tcpi_pacing_rate
    end
  end)
  net:run("30s")
  local bbr = cc == "bbr" or cc == "bbr3"
  local most = bbr and 2.89 * burst or 2 * burst + 4 -- the last ACK of slow start may have been worth a few packets
  for i = 1, 100 do
    expect.between(windows[i], 1, most, ("%s: window after %d bursts"):format(cc, i))
    expect.above(rates[i], 0, ("%s: pacing rate after %d bursts"):format(cc, i))
  end
  expect(windows[100] <= windows[50], cc .. ": it does not grow any more")
end
