-- A stream to a multicast group, and who gets it.  To a switch that knows nothing of IGMP, a multicast is
-- a broadcast.  One that listens sends it to the members alone, as long as somebody asks for them.
--
--     source --- s1 ====== s2 --- first, second       s1 asks from 10 s on
--                |          |
--            bystander   idle
--
--   0 s   nobody asks: the stream goes everywhere
--   10 s  s1 asks; nobody answers: the stream goes nowhere
--   20 s  `first` joins and tells so; the switches open its port, and the link between them
--   30 s  `second` joins: one more port, no more load on the link between the switches
--   40 s  `first` leaves; two questions without an answer from its side, 1 s each, and its port is closed.
--         `second` answers and is not disturbed
--   50 s  `second` leaves
--
-- Look at
--   stream.png        who got how much, when
--   second-eth1.pcap  joins, questions, answers: the reports go to the querier's side, not to other members
--
-- tags: lab switch multicast igmp
-- needs: switch udp
local net = weft.network()
local s1, s2 = net:switch("s1", { snooping = true }), net:switch("s2", { snooping = true })
local between = net:link(s1, s2, { rate = "100Mbps" })
local ports = {}
local function station(name, s)
  local h = net:host(name)
  ports[name] = net:link(s, h, { rate = "100Mbps" })
  h:spawn(function()
    local player = h:listen(5000, { proto = "udp" })
    while player:recv() do end
  end)
  return h
end
local source, bystander = station("source", s1), station("bystander", s1)
local first, second, idle = station("first", s2), station("second", s2), station("idle", s2)
second:iface(1):capture { filter = "igmp" }

-- 1 Mbit/s of data; 1292 bytes a frame as counted here.
local f = net:udp { name = "stream", from = source, to = "239.1.1.1:5000", rate = "1Mbps", size = 1250 }
net:at("10s", function() s1:querier { address = "10.0.0.254" } end)
net:at("20s", function() first:join("239.1.1.1") end)
net:at("30s", function() second:join("239.1.1.1") end)
net:at("40s", function() first:leave("239.1.1.1") end)
net:at("50s", function() second:leave("239.1.1.1") end)

-- The lines of the plot, one above the other: Mbit/s of the last 100 ms and an offset.
local lines = {}
for i, line in ipairs { { "bystander", ports.bystander }, { "between the switches", between },
                        { "first", ports.first }, { "second", ports.second } } do
  local x, y, before = {}, {}, 0
  lines[i] = { name = line[1], x = x, y = y, label = "rate, shifted (Mbit/s)" }
  net:every("100ms", function()
    local bytes = line[2].bytes
    x[#x + 1] = now()
    y[#y + 1] = (bytes - before) * 8 / 0.1 / 1e6 + 1.5 * (4 - i)
    before = bytes
  end, { start = "100ms" })
end
lines.style, lines.name, lines.title = "line", "stream", "Who gets the stream"
lines.x_label, lines.x_unit = "time", "s"

-- When does the stream to a station begin and end?
local began, ended, before = {}, {}, {}
net:every("1ms", function()
  for _, name in ipairs { "first", "second" } do
    local sent = ports[name].bytes
    if before[name] and sent - before[name] > 1000 then -- a datagram, no question
      began[name] = began[name] or now()
      ended[name] = now()
    end
    before[name] = sent
  end
end, { start = "15s" })

net:run("45s")
net:show("groups")
net:run("60s")
weft.plot(lines)

local stream = 1e6 * 1292 / 1250
local function rate(x, from, to) return x:stats { between = { from, to } }.rate end
for name, port in pairs(ports) do
  if name ~= "source" then
    expect.near(rate(port, 1, 10), stream, "1%", name .. " gets it while nobody asks")
  end
end
for _, x in ipairs { between, ports.bystander, ports.first, ports.second, ports.idle } do
  expect.below(rate(x, 10.1, 20), 100, "nobody wants it")
end
expect.near(rate(ports.first, 21, 30), stream, "1%", "a member gets it")
expect.near(rate(between, 31, 40), stream, "1%", "two members cost no more than one on the link between")
expect.near(rate(ports.second, 31, 50), stream, "1%", "the other's leave does not disturb")
expect.below(rate(ports.first, 43, 60), 100)
expect.below(rate(between, 53, 60), 100)
for _, name in ipairs { "bystander", "idle" } do
  expect.below(rate(ports[name], 10.1, 60), 100, "a question now and then, nothing else")
end
-- Linux reports 8 ms after the join; a datagram comes each 10 ms.
expect.between(began.first, 20.008, 20.021)
expect.between(began.second, 30.008, 30.021)
-- RFC 2236, 8.8 and 8.9: two queries, a second for each.
expect.between(ended.first, 41.98, 42.02)
expect.between(ended.second, 51.98, 52.02)
