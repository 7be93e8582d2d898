-- balance-slb: a switch with a cable to each of two others, which are joined and know of no bond.
-- There is a loop and no spanning tree; Open vSwitch's rules keep frames from circling (its
-- documentation, "SLB Bonding").  When a cable fails, the frames that teach the others where the
-- stations are let answers find the other cable at once.  active-backup does the same by one cable.
--
-- tags: switch bond
-- needs: switch bond
for _, mode in ipairs { "balance-slb", "active-backup" } do
  local net = weft.network { name = mode }
  local edge, u = net:switch("edge"), { net:switch("u1"), net:switch("u2") }
  local up = { net:link(edge, u[1]), net:link(edge, u[2]) }
  net:link(u[1], u[2])
  local hosts = {}
  for i = 1, 6 do
    hosts[i] = net:host("h" .. i)
    net:link(hosts[i], i <= 4 and edge or u[i - 4])
  end
  local bond = edge:bond { ports = up, mode = mode }
  local pings = {}
  local function all(t, count)
    for i = 1, 6 do for j = 1, 6 do
      if i ~= j then
        pings[#pings + 1] = hosts[i]:ping(hosts[j], { start = t, count = count, interval = "20ms" })
      end
    end end
  end
  all(1, 5)
  net:at("10.01s", function() bond.bond.active.link:down() end)
  all(9, 100)
  net:at("20s", function() up[1]:up() up[2]:up() end)
  all(30, 5)
  net:run("60s")
  -- Links are looked at each 100 ms.
  for i, p in ipairs(pings) do
    expect.equal(p.duplicates, 0, p.name)
    local failure = i > 30 and i <= 60
    if failure then expect.below(p.longest_gap, "130ms", p.name) else expect.equal(p.lost, 0, p.name) end
  end
  local sent = bond.bond:members()
  expect.above(sent[1].tx_packets, 0)
  expect.above(sent[2].tx_packets, 0)
  expect.equal(bond.bond.failovers, 1)
  expect.equal(edge.moves, 0, "no station seems to wander")
end
