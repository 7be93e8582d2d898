-- When does a sender give up a peer that has vanished?
--
-- A sender has data under way when the path swallows everything.  It sends again after its time-out (RTO),
-- then after twice that, ... up to two minutes.  net.ipv4.tcp_retries2 = n does not count those attempts: it
-- says how long n of them would take if the first time-out were 200 ms,
--     limit(n) = sum for k = 0 ... n of min(200 ms * 2^k, 120 s)    (924.6 s for n = 15, as is Linux's default),
-- and the connection dies at the first time-out by which so much has passed since the first retransmission.
-- So a path with a longer round trip is given fewer attempts, and up to two minutes more.
--
-- Look at
--   attempts.png   when each retransmission was sent; the last point of a line is the death
--   near.pcap      "TCP Retransmission" at growing intervals.  The first one is a probe (TLP, RFC 8985 7.2),
--                  which does not count; so the second interval is as long as the first
--
-- tags: lab tcp rto
-- needs: tcp
local net = weft.network()
local silence = 5 -- from here on nothing arrives
local cases = {
  { name = "near", rtt = 20e-3, retries = 15 },
  { name = "far",  rtt = 600e-3, retries = 15 },
  { name = "less", rtt = 20e-3, retries = 8 }, -- RFC 1122 4.2.3.5 wants 100 s at least: this is the least that has it
  { name = "few",  rtt = 20e-3, retries = 5 },
}
for _, case in ipairs(cases) do
  local a = net:host("a-" .. case.name, { sysctl = { ["net.ipv4.tcp_retries2"] = case.retries } })
  local b = net:host("b-" .. case.name)
  local link = net:link(a, b, { rate = "10Mbps", delay = case.rtt / 2 })
  link:capture { name = case.name }
  case.sent = {}
  net:at(silence, function()
    link:set { loss = function(p)
      if p.tcp and p.tcp.len > 0 then case.sent[#case.sent + 1] = p.time end
      return p.ip ~= nil -- ARP passes: else the host would learn sooner that something is wrong
    end }
  end)
  b:spawn(function()
    local s = b:listen(80):accept()
    while s:recv() do end
  end)
  a:spawn(function()
    local s = assert(a:connect(b, 80))
    for i = 1, 30 do -- it gets to know the path
      s:send("hello")
      sleep("100ms")
    end
    sleep(silence + 1 - now())
    local info = s:sockopt("TCP_INFO")
    case.rto, case.srtt = info.tcpi_rto / 1e6, info.tcpi_rtt / 1e6
    s:send("are you there?")
    case.error = select(2, s:recv())
    case.died = now()
  end)
end
net:run("2000s")

local function limit(n)
  local sum = 0
  for k = 0, n do sum = sum + math.min(0.2 * 2 ^ k, 120) end
  return sum
end
expect.near(limit(15), 924.6, "1us")
expect.near(limit(8), 102.2, "1us")

-- When each attempt is due, after the data were sent: first the probe (two round trips, and 200 ms as a single
-- segment's ACK may be delayed; or the RTO if that is less), then the time-outs, of which the last one is the death.
local function attempts(case)
  local interval = case.rto
  local times = { math.min(2 * case.srtt + 0.2, case.rto) }
  times[2] = times[1] + interval -- the first retransmission by time-out: the clock begins
  while times[#times] - times[2] < limit(case.retries) do
    interval = math.min(2 * interval, 120)
    times[#times + 1] = times[#times] + interval
  end
  return times
end

local lines = { style = "linespoints", log = "y", name = "attempts", x_label = "attempt",
                title = "The peer is given up at the first time-out past the limit" }
local rows = { name = "death", columns = { "", "round trip", "RTO", "tcp_retries2", "limit", "attempts", "died after" },
               units = { "", "s", "s", "", "s", "", "s" } }
for i, case in ipairs(cases) do
  local want, number = attempts(case), {}
  local seen = {}
  for k = 2, #case.sent do seen[k - 1] = case.sent[k] - case.sent[1] end
  seen[#seen + 1] = case.died - case.sent[1]
  for k in ipairs(seen) do number[k] = k end
  lines[i] = { name = ("RTT %.0f ms, tcp_retries2 %d"):format(case.rtt * 1e3, case.retries),
               x = number, y = seen, unit = "s", label = "time since the data were sent" }
  rows[i] = { case.name, case.rtt, case.rto, case.retries, limit(case.retries), #seen - 1, seen[#seen] }

  expect.equal(case.error, "ETIMEDOUT", case.name)
  expect.equal(#seen, #want, case.name .. ": attempts, and the death")
  for k, time in ipairs(want) do
    expect.near(seen[k], time, "20ms", ("%s: attempt %d"):format(case.name, k))
  end
end
lines[#lines + 1] = { name = ("limit(15) = %.1f s"):format(limit(15)), x = { 1, 17 }, y = { limit(15), limit(15) },
                      unit = "s", label = "time since the data were sent", style = "dashes" }
weft.plot(lines)
weft.table(rows)
