-- Four switches in a ring, each pair joined by a bond of two cables, under RSTP and LACP: while one
-- cable of each bond is left, failures never reach spanning tree; when a whole bond is gone, the
-- tree goes the other way.  Every broadcast comes once.
--
-- tags: switch bond lacp stp
-- needs: switch bond stp
local random = weft.random("failures")
for round = 1, 5 do
  local net = weft.network { name = "ring" .. round }
  local s, h, cables = {}, {}, {}
  for i = 1, 4 do
    s[i] = net:switch("s" .. i, { stp = "rstp", priority = 4096 * i })
    h[i] = net:host("h" .. i)
    net:link(s[i], h[i])
  end
  for i = 1, 4 do
    local a, b = s[i], s[i % 4 + 1]
    cables[i] = { net:link(a, b), net:link(a, b) }
    for _, node in ipairs { a, b } do
      node:bond { ports = cables[i], mode = "802.3ad", lacp_rate = "fast", hash = "layer2+3" }
    end
  end
  local pings = {}
  local function all(t)
    for i = 1, 4 do for j = 1, 4 do
      if i ~= j then pings[#pings + 1] = h[i]:ping(h[j], { start = t, count = 3, interval = "100ms" }) end
    end end
  end
  all(10)
  local changes
  net:at("14s", function() changes = s[4]:stp().topology_changes end)
  -- One cable of each bond, noticed or not, at random.
  for i = 1, 4 do
    local cable = cables[i][random:uniform(0, 1) < 0.5 and 1 or 2]
    local silent = random:uniform(0, 1) < 0.5
    net:at(15 + random:uniform(0, 2), function() cable:down { silent = silent } end)
  end
  net:at("24s", function() expect.equal(s[4]:stp().topology_changes, changes, "spanning tree saw nothing") end)
  all(25)
  -- A whole bond.
  local gone = 1 + math.floor(random:uniform(0, 4))
  net:at("30s", function() for _, c in ipairs(cables[gone]) do c:down { silent = true } end end)
  all(50)
  net:at("55s", function() for _, b in ipairs(cables) do for _, c in ipairs(b) do c:up() end end end)
  all(70)
  net:run("75s")
  for _, p in ipairs(pings) do
    expect.equal(p.lost, 0, p.name)
    expect.equal(p.duplicates, 0, p.name)
  end
  local forwarding = 0
  for i = 1, 4 do
    for _, port in ipairs(s[i]:stp().ports) do
      forwarding = forwarding + (port.state == "forwarding" and 1 or 0)
    end
  end
  expect.equal(forwarding, 4 + 2 * 3 + 1, "four hosts' ports, three links of the tree, the other end of the fourth")
end
