-- All congestion controls against each other: each pair shares a link, once with a short queue, once with
-- a long one, and once with random loss.  The table shows what the algorithm of the row got beside that of
-- the column, in percent of the link, and in the end the mean of each row.
--
-- What to look at: who takes more than half beside whom, and how that turns around with the length of the
-- queue (BBR), with loss (BBR, Westwood), and for those who yield (LEDBAT, TCP-LP, Vegas).
--
-- tags: experiment tcp cc
-- needs: tcp
local duration = weft.arg("duration", "8s", "length of a match")
local rate = weft.arg("rate", "10Mbps", "rate of the links")
local only = weft.arg("only", "", "play these alone, with blanks between them")

local players = {}
for name in (only ~= "" and only or "bbr bbr3 bic cubic dctcp highspeed htcp hybla illinois ledbat lp prague reno "
  .. "scalable vegas veno westwood yeah"):gmatch("%S+") do
  players[#players + 1] = name
end

local links = {
  { name = "short-queue", queue = "0.5bdp" },
  { name = "long-queue", queue = "4bdp" },
  { name = "random-loss", queue = "1bdp", loss = { ab = "0.5%", ba = 0 } },
}

local function play(link)
  local net = weft.network { name = link.name, rtt = "40ms" }
  local matches = {}
  for i = 1, #players do
    for j = i, #players do
      local name = players[i] .. "-" .. players[j]
      local a = net:host(name .. "-a", { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } })
      local b = net:host(name .. "-b", { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } })
      net:link(a, b, { rate = rate, delay = "20ms", queue = link.queue, loss = link.loss or 0 })
      matches[#matches + 1] = { i, j,
        net:tcp { name = name .. "-1", from = a, to = b, cc = players[i] },
        net:tcp { name = name .. "-2", from = a, to = b, cc = players[j], start = "0.1s" } }
    end
  end
  net:run(duration)

  local share = {}
  for i = 1, #players do share[i] = {} end
  for _, m in ipairs(matches) do
    local i, j, first, second = m[1], m[2], m[3].goodput, m[4].goodput
    local sum = first + second
    expect.above(sum, 0, "something arrives of " .. players[i] .. " and " .. players[j])
    share[i][j] = 100 * first / sum
    if i ~= j then share[j][i] = 100 * second / sum end
  end
  local columns, rows = { "beside" }, {}
  for i = 1, #players do columns[i + 1] = players[i] end
  columns[#columns + 1] = "mean"
  for i = 1, #players do
    local row, sum = { players[i] }, 0
    for j = 1, #players do
      row[j + 1] = ("%.0f"):format(share[i][j])
      sum = sum + share[i][j]
    end
    row[#row + 1] = ("%.1f"):format(sum / #players)
    weft.result(("%s, %s"):format(link.name, players[i]), sum / #players, "%")
    rows[i] = row
  end
  rows.columns, rows.name = columns, link.name
  weft.table(rows)
  return share
end

local function place(name)
  for i, player in ipairs(players) do if player == name then return i end end
end

for _, link in ipairs(links) do
  local share = play(link)
  if place("ledbat") and place("reno") and link.name == "long-queue" then
    expect.below(share[place("ledbat")][place("reno")], 40, "LEDBAT yields to Reno")
  end
  if place("bbr") and place("reno") and link.name == "random-loss" then
    expect.above(share[place("bbr")][place("reno")], 60, "BBR does not mind random loss")
  end
end
