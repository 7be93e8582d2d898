-- All congestion controls against each other: each pair shares a link, once with a short queue, once with a long one,
-- and once with random loss; and each shares one with its own kind.
--
-- Look at
--   shares.png       who takes more than half, in the mean over all others, and how that turns around with the length
--                    of the queue (BBR), with loss (BBR, Scalable), and for those who yield (LEDBAT, TCP-LP)
--   delays.png       how long a packet waits behind two flows of one kind: what the throughput was bought with
--   the tables       the matrix: what the row got beside the column, in percent of both; and, of two flows of one kind,
--                    what they got together, how fairly (Jain's index: 1 is equal, 0.5 is all for one), the mean wait in
--                    the queue, and how much was sent again
--
-- The first quarter of each match, which belongs to slow start, does not count.  Eight seconds are for a look; say
-- --set duration=60 for figures that do not hang on the start at all.
--
-- tags: experiment tcp cc
-- needs: tcp
-- timeout: 10min
local duration = weft.arg("duration", 8, "length of a match, seconds")
local rate = weft.arg("rate", 10e6, "rate of the links, bit/s")
local only = weft.arg("only", "", "play these alone, with blanks between them")
local window = { between = { duration / 4, duration } }

local players, place = {}, {}
for name in (only ~= "" and only or "bbr bbr3 bic cubic dctcp highspeed htcp hybla illinois ledbat lp prague reno "
  .. "scalable vegas veno westwood yeah"):gmatch("%S+") do
  players[#players + 1] = name
  place[name] = #players
end

local links = {
  { name = "short-queue", queue = "0.5bdp" },
  { name = "long-queue", queue = "4bdp" },
  { name = "random-loss", queue = "1bdp", loss = { ab = "0.5%", ba = 0 } },
}

-- Each match has hosts and a link of its own; all matches of one kind of link are one network.
local function match(net, link, i, j)
  local name, hosts = players[i] .. "-" .. players[j], {}
  for n = 1, 2 do hosts[n] = net:host(name .. n, { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }) end
  local path = net:link(hosts[1], hosts[2], { rate = rate, delay = "20ms", queue = link.queue, loss = link.loss or 0 })
  if i == j then path.ab:record("queue_packets", { every = "20ms" }) end
  local m = { i = i, j = j, path = path, flows = {} }
  for n, player in ipairs { i, j } do
    m.flows[n] = net:tcp { name = name .. "-" .. n, from = hosts[1], to = hosts[2], cc = players[player],
                           start = 0.1 * (n - 1) }
  end
  return m
end

-- Of two flows of one kind.
local function among_equals(m, x, y)
  local first, second = m.flows[1]:stats(window), m.flows[2]:stats(window)
  return {
    goodput = x + y,
    fairness = (x + y) ^ 2 / (2 * (x ^ 2 + y ^ 2)),
    wait = m.path.ab:series("queue_packets"):mean(window) * 1538 * 8 / rate,
    again = (first.retransmits + second.retransmits) * 1448 * 8 / ((x + y) * duration * 3 / 4),
  }
end

local function print_matrix(link, share, mean)
  local rows = { name = link.name, columns = { "beside" } }
  for i, player in ipairs(players) do
    rows.columns[i + 1], rows[i] = player, { player }
    for j = 1, #players do rows[i][j + 1] = ("%.0f"):format(share[i][j]) end
    rows[i][#players + 2] = ("%.1f"):format(mean[i])
    weft.result(("%s, %s"):format(link.name, player), mean[i], "%")
  end
  rows.columns[#players + 2] = "mean"
  weft.table(rows)
end

local function print_equals(link, equals)
  local rows = { name = link.name .. "-alike", columns = { "two of", "goodput", "fairness", "wait", "sent again" },
                 units = { "", "bit/s", "", "s", "1" } }
  for i, e in ipairs(equals) do rows[i] = { players[i], e.goodput, e.fairness, e.wait, e.again } end
  weft.table(rows)
end

local function play(link)
  local net = weft.network { name = link.name, rtt = "40ms" }
  local matches, share, mean, equals = {}, {}, {}, {}
  for i = 1, #players do
    share[i], mean[i] = {}, 0
    for j = i, #players do matches[#matches + 1] = match(net, link, i, j) end
  end
  net:run(duration)
  for _, m in ipairs(matches) do
    local x, y = m.flows[1]:stats(window).goodput, m.flows[2]:stats(window).goodput
    expect.above(x + y, 0, "something arrives of " .. players[m.i] .. " and " .. players[m.j])
    if m.i == m.j then equals[m.i] = among_equals(m, x, y) end
    share[m.j][m.i] = 100 * y / (x + y)
    share[m.i][m.j] = m.i == m.j and 50 or 100 * x / (x + y)
  end
  for i = 1, #players do
    for j = 1, #players do mean[i] = mean[i] + share[i][j] / #players end
  end
  print_matrix(link, share, mean)
  print_equals(link, equals)
  return share, mean, equals
end

local shares = { style = "bars", name = "shares", x_label = "congestion control",
                 title = "Who takes how much, in the mean over all opponents" }
local delays = { style = "bars", name = "delays", x_label = "congestion control",
                 title = "How long a packet waits behind two flows of one kind" }
for _, link in ipairs(links) do
  local share, mean, equals = play(link)
  local part, wait = {}, {}
  for i = 1, #players do part[i], wait[i] = mean[i] / 100, equals[i].wait end
  shares[#shares + 1] = { name = link.name, x = players, y = part, unit = "1", label = "share of the goodput" }
  delays[#delays + 1] = { name = link.name, x = players, y = wait, unit = "s", label = "mean wait in the queue" }
  local ledbat, reno, bbr = place.ledbat, place.reno, place.bbr
  if ledbat and reno and link.name == "long-queue" then
    expect.below(share[ledbat][reno], 40, "LEDBAT yields to Reno")
  end
  if bbr and reno and link.name == "random-loss" then
    expect.above(share[bbr][reno], 60, "BBR does not mind random loss")
  end
  if bbr and reno and link.name == "long-queue" then
    expect.below(equals[bbr].wait, 0.6 * equals[reno].wait, "BBR's queue against Reno's")
  end
end
weft.plot(shares)
weft.plot(delays)
