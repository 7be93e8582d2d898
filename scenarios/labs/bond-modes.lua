-- Who goes where: a server with a bond of three cables sends nine flows, and each mode and hash
-- policy spreads them in its own way.
--
-- n1 to n4 are in the server's own subnet; f1 to f4 are behind a router, so that to Ethernet they all
-- have the router's address.  The policies are Linux's formulas (Documentation/networking/bonding.rst),
-- worked out once more below:
--   layer2     last octets of both MACs XOR the type: all that goes through the router has one cable
--   layer2+3   and both IP addresses: the far ones are told apart, two flows to one host are not
--   layer3+4   addresses and ports: a flow is a flow
-- balance-rr gives each cable a packet in turn, so one flow has the rate of all cables together, but
-- packets overtake each other.  active-backup uses one cable.
--
-- Look at
--   the table      the cable of each flow, by mode
--   load.png       what each cable carries of the nine equal flows
--   rr-eth1.pcap   every third packet of each flow
--
-- tags: lab switch bond udp tcp
-- needs: switch bond udp tcp
local CABLES, EACH = 3, 40

local function build(name, options, flows)
  local net = weft.network { name = name }
  local s, server, r = net:switch("s"), net:host("server"), net:router("r")
  local cables, counts = {}, {}
  for i = 1, CABLES do cables[i] = net:link(server, s, { rate = "100Mbps", delay = "10us" }) end
  net:link(s, r)
  local to = {}
  for i = 1, 4 do
    to["n" .. i], to["f" .. i] = net:host("n" .. i), net:host("f" .. i)
    net:link(s, to["n" .. i])
    net:link(r, to["f" .. i])
  end
  options.ports = cables
  local bond = server:bond(options)
  if options.mode ~= "active-backup" then s:bond(options) end
  for i, cable in ipairs(cables) do   -- looks on, and loses nothing
    cable:set { loss = { ab = function(p)
      if p.udp and p.flow then
        counts[p.flow] = counts[p.flow] or {}
        counts[p.flow][i] = (counts[p.flow][i] or 0) + 1
      end
    end } }
  end
  if name == "rr" then cables[1]:capture { name = "rr-eth1" } end
  return net, server, to, r, bond, counts
end

local flows = {}
for i = 1, 4 do
  flows[#flows + 1] = { name = "n" .. i, port = 5000 + i, sport = 40000 + 2 * i }
  flows[#flows + 1] = { name = "f" .. i, port = 5000 + i, sport = 41000 + 2 * i }
end
flows[#flows + 1] = { name = "f4", flow = "f4-2", port = 5000, sport = 42000 }

local function run(name, options)
  local net, server, to, r, bond, counts = build(name, options)
  for i, f in ipairs(flows) do
    net:udp { name = f.flow or f.name .. "-1", from = server, to = to[f.name], port = f.port, sport = f.sport,
              arrival = (9 + i) .. "ms", size = 1000, count = EACH, start = "5s" }
  end
  net:run("7s")
  return { counts = counts, to = to, server = server, bond = bond, router = r }
end

-- ---- Linux's formulas ----
local function octets(ip)
  local n, shift = 0, 0
  for o in ip:gmatch("%d+") do n, shift = n | tonumber(o) << shift, shift + 8 end
  return n   -- as it stands in a little-endian memory
end
local function swap(port) return (port >> 8) | (port & 255) << 8 end
local function last(mac) return tonumber(mac:sub(-2), 16) end
local function layer2(f, run)
  local gateway = run.router:iface(1)
  local mac = f.name:sub(1, 1) == "n" and run.to[f.name]:iface(1).mac or gateway.mac
  return last(run.bond.mac) ~ last(mac) ~ 0x0800
end
local function mix(h, f, run)
  h = h ~ octets(run.server.ip) ~ octets(run.to[f.name].ip)
  h = h ~ h >> 16
  return h ~ h >> 8
end
local policies = {
  ["layer2"] = layer2,
  ["layer2+3"] = function(f, run) return mix(layer2(f, run), f, run) end,
  ["layer3+4"] = function(f, run) return mix(swap(f.sport) | swap(f.port) << 16, f, run) >> 1 end,
}

-- ---- The table ----
local shown, load = {}, {}
local function note(column, r)
  load[column] = { 0, 0, 0 }
  for i, f in ipairs(flows) do
    local name, cables = f.flow or f.name .. "-1", {}
    for c = 1, CABLES do
      local n = r.counts[name][c] or 0
      load[column][c] = load[column][c] + n
      if n > 0 then cables[#cables + 1] = c end
    end
    shown[i] = shown[i] or { name }
    table.insert(shown[i], table.concat(cables, ","))
  end
end

for _, policy in ipairs { "layer2", "layer2+3", "layer3+4" } do
  local r = run((policy:gsub("%+", "")), { mode = "balance-xor", hash = policy })
  note(policy, r)
  for _, f in ipairs(flows) do
    local cable = policies[policy](f, r) % CABLES + 1
    expect.equal(r.counts[f.flow or f.name .. "-1"][cable], EACH, policy .. ": " .. f.name .. " by Linux's formula")
  end
end
note("balance-rr", run("rr", { mode = "balance-rr" }))
note("active-backup", run("active-backup", { mode = "active-backup" }))
weft.table { name = "cables", columns = { "flow", "layer2", "layer2+3", "layer3+4", "balance-rr", "active-backup" },
             table.unpack(shown) }
local bars, all = {}, #flows * EACH
for _, column in ipairs { "layer2", "layer2+3", "layer3+4", "balance-rr", "active-backup" } do
  local y = {}
  for c = 1, CABLES do y[c] = load[column][c] / all end
  bars[#bars + 1] = { name = column, x = { "cable 1", "cable 2", "cable 3" }, y = y, label = "share of the packets" }
end
weft.plot { name = "load", style = "bars", title = "Nine equal flows over three cables", table.unpack(bars) }
for _, y in ipairs(bars[4].y) do expect.near(y, 1 / 3, 0.01, "balance-rr: each cable has its third") end
expect.equal(bars[5].y[1], 1, "active-backup: one cable has all")

-- ---- One TCP connection ----
local function transfer(name, options)
  local net, server, to, _, bond = build(name, options)
  local f = net:tcp { name = name, from = server, to = to.n1, bytes = "10MB", start = "5s" }
  net:run("10s")
  local packets, bytes = 0, 0
  for i = 1, CABLES do
    packets = packets + server:iface(i):counters().tx_packets
    bytes = bytes + server:iface(i):counters().tx_bytes
  end
  expect.equal(bond:counters().tx_packets, packets, name .. ": the bond's figures are the cables' together")
  expect.equal(bond:counters().tx_bytes, bytes, name .. ": the bond's figures are the cables' together")
  return f
end
local one = transfer("one-cable", { mode = "balance-xor", hash = "layer3+4" })
local three = transfer("three-cables", { mode = "balance-rr" })
weft.result("goodput of one flow, balance-xor", one.goodput, "bit/s")
weft.result("goodput of one flow, balance-rr", three.goodput, "bit/s")
expect.between(one.goodput, "85Mbps", "97Mbps", "a flow that is hashed has one cable")
expect.above(three.goodput, "150Mbps", "round robin has more than one, whatever TCP thinks of the order")
