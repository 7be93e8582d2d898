-- Random graphs of switches with spanning tree, of which random links fail and come back: afterwards
-- every host reaches every other in its part of the graph, and hears each broadcast once.
--
-- Of each graph half of the failures are seen by the ends of the link and half are not.  The trees
-- themselves are compared with the standard's priority vectors in tests/protocols/test_stp_graph.c.
--
-- tags: regression switch stp
-- needs: switch stp
local graphs = weft.arg("graphs", 5, "how many")
local most = weft.arg("switches", 12, "in a graph, at most")

local function whole(draw, from, to) return from + math.min(math.floor(draw:uniform(0, to - from + 1)), to - from) end

-- Which switches hang together by links that are up: a number for each.
local function parts(n, links)
  local part = {}
  for i = 1, n do part[i] = i end
  for _ = 1, n do
    for _, l in ipairs(links) do
      if l.up then
        local least = math.min(part[l.a], part[l.b])
        part[l.a], part[l.b] = least, least
      end
    end
  end
  return part
end

for graph = 1, graphs do
  local net = weft.network { name = "graph" .. graph }
  local draw = weft.random("graph " .. graph)
  local n, s, h, links = whole(draw, 4, most), {}, {}, {}
  for i = 1, n do
    s[i] = net:switch("s" .. i, { stp = graph % 2 == 0 and "stp" or "rstp", priority = 4096 * whole(draw, 0, 15) })
    h[i] = net:host("h" .. i)
    net:link(s[i], h[i], { rate = "1Gbps", delay = "1us" }):at(s[i]).stp = { edge = "yes" }
  end
  local function join(a, b)
    local link = net:link(s[a], s[b], { rate = "1Gbps", delay = "10us" })
    links[#links + 1] = { link = link, a = a, b = b, up = true }
  end
  for i = 2, n do join(whole(draw, 1, i - 1), i) end
  for _ = 1, n // 2 do
    local a, b = whole(draw, 1, n), whole(draw, 1, n)
    if a ~= b then join(a, b) end
  end
  local time = 0
  for round = 1, 3 do
    -- STP needs 50 s for a failure that nobody saw, RSTP less than 20.
    time = time + 100
    local start, pings, part = time, {}, parts(n, links)
    for i = 1, n do
      for j = 1, n do
        if i ~= j and part[i] == part[j] then
          pings[#pings + 1] = h[i]:ping(h[j], { name = "p" .. round .. "-" .. i .. "-" .. j, start = start,
                                                count = 3, interval = "1s" })
        end
      end
    end
    time = time + 10
    net:run(time)
    local lost, twice = 0, 0
    for _, p in ipairs(pings) do
      lost = lost + p.lost
      twice = twice + math.max(0, p.received - 3)
    end
    expect.equal(lost, 0, net.name .. ", round " .. round .. ": everybody reaches everybody")
    expect.equal(twice, 0, net.name .. ", round " .. round .. ": nothing comes twice")
    for _, l in ipairs(links) do
      if not l.up then
        l.link:up()
        l.up = true
      elseif draw:uniform(0, 1) < 0.25 then
        l.link:down { silent = draw:uniform(0, 1) < 0.5 }
        l.up = false
      end
    end
  end
end
