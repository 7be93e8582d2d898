-- Topologies: net:dumbbell, chain, star, ring, fat_tree, leaf_spine, random.
--
-- Each returns a table of its parts: t[i] the routers or, with switches = n in place of routers = n
-- (or switches = true where there is no such number), the switches, t.links[i] the links between
-- them, t.hosts
-- the hosts, t.first and t.last the hosts at the two ends.  Options that are not the topology's own
-- are those of net:link and go to the links between routers; `access` has those of the hosts'
-- links.
--
-- The program hands over fail(message), an error at the script's line; check(what, options, names),
-- which refuses options that are neither in `names` nor net:link's; and seconds(value) and
-- bits(value), the number that a time or rate with a unit stands for.
local fail, check, seconds, bits = ...

local common = { "hosts", "access", "prefix", "switches", "stp" }

-- The options of a topology, checked; `own` are its own names.
local function read(what, o, own)
  if type(o) ~= "table" then
    fail(what .. ": it takes a table of options, " .. what .. "{ rate = \"10Mbps\" }")
  end
  local names = {}
  for _, name in ipairs(common) do names[#names + 1] = name end
  for _, name in ipairs(own) do names[#names + 1] = name end
  check(what, o, names)
  if o.switches and o.routers then fail(what .. ": give routers or switches, not both") end
  if o.stp and not o.switches then fail(what .. ": spanning tree is for switches; say switches = …") end
  local link = {}
  for k, v in pairs(o) do link[k] = v end
  for _, name in ipairs(names) do link[name] = nil end
  return link
end

-- A whole number, `default` if it is not given; nil as default: it must be given.
local function count(what, o, name, default, least)
  local n = o[name]
  if n == nil then
    n = default or fail(what .. ": say how many, " .. name .. " = n")
  end
  if type(n) ~= "number" or n % 1 ~= 0 or n < least then
    fail(what .. ": " .. name .. " must be a whole number, at least " .. least)
  end
  -- A slip of the pen would fill the memory for minutes before anything is said.
  if n > 1000000 then fail(what .. ": " .. name .. " must be at most 1000000") end
  return n // 1
end

-- The round-trip time of the longest way becomes the delay of each of its links, if no delay is
-- said.
local function spread(link, hops)
  if link.rtt and not link.delay then
    link.delay = seconds(link.rtt) / (2 * hops)
  end
  return link
end

-- Links of hosts are no bottleneck, unless the scenario says so.
local function access(o, link)
  local a = { rate = "1Gbps", delay = 0 }
  local core = link.rate
  if core and type(core) ~= "table" and bits(core) > 1e9 then a.rate = core end
  for k, v in pairs(o.access or {}) do a[k] = v end
  return a
end

-- A function that makes nodes by their names: routers, or switches if the options say so.
local function maker(net, o)
  local prefix = o.prefix or ""
  if not o.switches then
    return function(name) return net:router(prefix .. name) end
  end
  return function(name) return net:switch(prefix .. name, o.stp ~= nil and { stp = o.stp } or {}) end
end

-- How many routers or switches, and what their names begin with.
local function many(what, o, least)
  if o.switches then return count(what, o, "switches", nil, least), "s" end
  return count(what, o, "routers", nil, least), "r"
end

local function row(net, o, n, name)
  local t, make = { links = {}, hosts = {} }, maker(net, o)
  for i = 1, n do t[i] = make(name .. i) end
  return t
end

-- `hosts` hosts beside each of the nodes; a list of lists if there are several for each.
local function add_hosts(net, t, nodes, o, per_node, link)
  local prefix, options = o.prefix or "", access(o, link)
  for i, node in ipairs(nodes) do
    local list = {}
    for j = 1, per_node do
      list[j] = net:host(prefix .. "h" .. i .. (per_node > 1 and "-" .. j or ""))
      net:link(list[j], node, options)
    end
    t.hosts[i] = per_node == 1 and list[1] or list
    if per_node > 0 then
      t.first = t.first or list[1]
      t.last = list[per_node]
    end
  end
  return t
end

local function connect(net, t, a, b, link)
  t.links[#t.links + 1] = net:link(a, b, link)
end

local M = {}

-- Two routers and the hosts on either side.
function M.dumbbell(net, o)
  local link = read("net:dumbbell", o, { "left", "right" })
  local each = count("net:dumbbell", o, "hosts", 1, 1)
  local left = count("net:dumbbell", o, "left", each, 1)
  local right = count("net:dumbbell", o, "right", each, 1)
  local prefix = o.prefix or ""
  spread(link, 1)
  local make = maker(net, o)
  local t = { make("left"), make("right"), left = {}, right = {} }
  t.bottleneck = net:link(t[1], t[2], link)
  t.links, t.hosts = { t.bottleneck }, { t.left, t.right }
  local options = access(o, link)
  for i = 1, left do
    t.left[i] = net:host(prefix .. "s" .. i)
    net:link(t.left[i], t[1], options)
  end
  for i = 1, right do
    t.right[i] = net:host(prefix .. "d" .. i)
    net:link(t[2], t.right[i], options)
  end
  t.first, t.last = t.left[1], t.right[1]
  return t
end

-- Routers in a row.
function M.chain(net, o)
  local link = read("net:chain", o, { "routers" })
  local n, name = many("net:chain", o, 1)
  local t = row(net, o, n, name)
  if n > 1 then spread(link, n - 1) end
  for i = 1, n - 1 do connect(net, t, t[i], t[i + 1], link) end
  return add_hosts(net, t, t, o, count("net:chain", o, "hosts", 0, 0), link)
end

-- Routers in a circle; link i joins i and i + 1, the last one the last and the first.
function M.ring(net, o)
  local link = read("net:ring", o, { "routers" })
  local n, name = many("net:ring", o, 3)
  local t = row(net, o, n, name)
  spread(link, n // 2)
  for i = 1, n do connect(net, t, t[i], t[i % n + 1], link) end
  return add_hosts(net, t, t, o, count("net:ring", o, "hosts", 0, 0), link)
end

-- One router or switch in the middle; around it hosts or, with routers = n or switches = n, routers
-- or switches that have hosts.
function M.star(net, o)
  local link = read("net:star", o, { "routers" })
  local prefix, make = o.prefix or "", maker(net, o)
  if o.routers or (o.switches and o.switches ~= true) then
    local t = row(net, o, many("net:star", o, 1))
    t.center = make("center")
    spread(link, 2)
    for i, leaf in ipairs(t) do connect(net, t, leaf, t.center, link) end
    return add_hosts(net, t, t, o, count("net:star", o, "hosts", 0, 0), link)
  end
  if o.access then fail("net:star: without routers the links are the hosts' own; leave access out") end
  local t = { make("center"), links = {}, hosts = {} }
  t.center = t[1]
  spread(link, 2)
  for i = 1, count("net:star", o, "hosts", nil, 1) do
    t.hosts[i] = net:host(prefix .. "h" .. i)
    connect(net, t, t.hosts[i], t.center, link)
  end
  t.first, t.last = t.hosts[1], t.hosts[#t.hosts]
  return t
end

-- Every leaf has a link to every spine; hosts are beside the leaves.
function M.leaf_spine(net, o)
  local link = read("net:leaf_spine", o, { "leaves", "spines" })
  local leaves = count("net:leaf_spine", o, "leaves", nil, 1)
  local spines = count("net:leaf_spine", o, "spines", nil, 1)
  local make = maker(net, o)
  local t = { links = {}, hosts = {}, leaf = {}, spine = {} }
  for i = 1, leaves do t.leaf[i] = make("leaf" .. i) end
  for i = 1, spines do t.spine[i] = make("spine" .. i) end
  spread(link, 2)
  for _, leaf in ipairs(t.leaf) do
    t[#t + 1] = leaf
    for _, spine in ipairs(t.spine) do connect(net, t, leaf, spine, link) end
  end
  for _, spine in ipairs(t.spine) do t[#t + 1] = spine end
  return add_hosts(net, t, t.leaf, o, count("net:leaf_spine", o, "hosts", 1, 0), link)
end

-- The k-ary fat tree of Al-Fares, Loukissas, Vahdat, "A scalable, commodity data center network
-- architecture" (2008): k pods of k/2 edge and k/2 aggregation routers, (k/2)^2 core routers.
function M.fat_tree(net, o)
  local link = read("net:fat_tree", o, { "k" })
  local k = count("net:fat_tree", o, "k", nil, 2)
  if k % 2 ~= 0 then fail("net:fat_tree: k must be even") end
  if k > 128 then fail("net:fat_tree: k must be at most 128, which are half a million hosts") end
  local make, half = maker(net, o), k // 2
  local t = { links = {}, hosts = {}, core = {}, aggregation = {}, edge = {} }
  spread(link, 4)
  for i = 1, half * half do t.core[i] = make("core" .. i) end
  for pod = 1, k do
    local above, below = {}, {}
    for i = 1, half do
      above[i] = make("agg" .. pod .. "-" .. i)
      below[i] = make("edge" .. pod .. "-" .. i)
      for j = 1, half do connect(net, t, above[i], t.core[(i - 1) * half + j], link) end
    end
    for i = 1, half do
      for j = 1, half do connect(net, t, below[i], above[j], link) end
    end
    t.aggregation[pod], t.edge[pod] = above, below
  end
  local edges = {}
  for _, r in ipairs(t.core) do t[#t + 1] = r end
  for pod = 1, k do
    for _, r in ipairs(t.aggregation[pod]) do t[#t + 1] = r end
    for _, r in ipairs(t.edge[pod]) do
      t[#t + 1] = r
      edges[#edges + 1] = r
    end
  end
  return add_hosts(net, t, edges, o, count("net:fat_tree", o, "hosts", half, 0), link)
end

-- A connected random graph: a random tree, then links between random pairs until there are enough.
function M.random(net, o)
  local link = read("net:random", o, { "routers", "edges", "degree" })
  local n, name = many("net:random", o, 2)
  local most = n * (n - 1) // 2
  if o.edges and o.degree then fail("net:random: give edges or degree, not both") end
  local degree = o.degree or 3
  if type(degree) ~= "number" or degree <= 0 then
    fail("net:random: degree, the mean number of links of a router, must be above 0")
  end
  local edges = count("net:random", o, "edges", math.max(n - 1, math.min(most, n * degree // 2)), n - 1)
  if edges > most then fail("net:random: so many routers have at most " .. most .. " links") end
  local draw = weft.random("net:random " .. net.name .. " " .. (o.prefix or ""))
  local t, joined = row(net, o, n, name), {}
  local function join(i, j)
    if i > j then i, j = j, i end
    local key = i * (n + 1) + j
    if i == j or joined[key] then return end
    joined[key] = true
    connect(net, t, t[i], t[j], link)
  end
  local function below(m) return 1 + math.tointeger(draw:uniform(0, m) // 1) end
  for i = 2, n do join(below(i - 1), i) end
  while #t.links < edges do join(below(n), below(n)) end
  return add_hosts(net, t, t, o, count("net:random", o, "hosts", 0, 0), link)
end

return { network = M }
