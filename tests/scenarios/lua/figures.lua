-- tags: language tcp
-- Figures, records, series and windows of flows, links and interfaces.

local net = weft.network()
local a, b = net:host("a"), net:host("b")
local l = net:link(a, b, { rate = "10Mbps", delay = "10ms", queue = "pfifo limit 30" })
local f = net:tcp { from = a, to = b, bytes = "5MB" }
f:record("cwnd", "goodput", { every = "100ms" })
f:record("srtt")
l:record("queue_packets", "utilisation")

local function fails(text, fn)
  local ok, message = pcall(fn)
  expect(not ok and message:find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(message))
end
fails("there is no goodput before net:run", function() return f.goodput end)
fails("unknown field `goodputt`; did you mean `goodput`?", function() return f.goodputt end)
fails("rtt was not recorded", function() f:series("rtt") end)
expect.equal(f.name, "a-b")
expect.equal(f.kind, "tcp")
expect.equal(f.bytes, "5MB")
expect.equal(l.name, "a-b")

net:run("10s")

-- 5 MB at 10 Mbit/s with 1448 of 1538 bytes payload take 4.25 s.
expect.equal(f.done, true)
expect.equal(f.error, nil)
expect.near(f.fct, 4.3, "5%")
expect.near(f.goodput, 5e6 * 8 / f.fct, "0.1%")
expect.equal(f.delivered, "5MB")
expect.above(f.rtt.min, "20ms")
expect(f.rtt.min <= f.rtt.mean and f.rtt.mean <= f.rtt.max)
expect.between(f.limited.cwnd, 0, 1)
fails("unknown field `p98`; did you mean", function() return f.rtt.p98 end)
fails("can only be read", function() f.goodput = 1 end)

-- Windows.
local early, late = f:stats { between = { "1s", "4s" } }, f:stats { between = { "6s", "9s" } }
expect.near(early.goodput, 10e6 * 1448 / 1538, "2%")
expect.equal(late.delivered, 0)
expect.near(l:stats { between = { "1s", "4s" } }.utilisation, 1, "1%")
expect.equal(l:stats { between = { "6s", "9s" } }.utilisation, 0)
fails("the window ends in the future", function() return f:stats { between = { 0, "11s" } } end)
fails("the window ends before it begins", function() return f:stats { between = { 2, 1 } } end)
fails("must be a window { from, to }", function() return f:stats { between = 5 } end)

-- What only the whole run knows is refused of a window, unless it follows from a record.
expect.equal(f:stats { between = { 0, "10s" } }.timeouts, f.timeouts)
fails("timeouts is known of the whole run only; run to the ends of the window", function() return early.timeouts end)
fails("limited.cwnd is known of the whole run only", function() return early.limited.cwnd end)
fails('rtt.p99 of a window follows from a record; call x:record("rtt") before net:run', function() return early.rtt.p99 end)

-- Series.
local s = f:series("cwnd")
expect.equal(s.name, "cwnd")
expect.above(s.count, 10)
expect.above(s:max(), 10)
expect(s:min() <= s:mean() and s:mean() <= s:max())
expect.equal(s:percentile(100), s:max())
expect.near(f:series("goodput"):mean { between = { "1s", "4s" } }, early.goodput, "2%")
expect.above(f:series("srtt"):at("2s"), "20ms")
expect.equal(f:series("srtt"):at(0), nil)
local points, last = 0, -1
for t, v in s:each() do
  expect(t >= last and v > 0)
  points, last = points + 1, t
end
expect.equal(points, s.count)
s:each(function() points = points - 1 end)
expect.equal(points, 0)
expect(l:series("queue_packets"):max() <= 30, "the queue holds 30")

-- A link is its first direction; interfaces are one object each.
expect.equal(l.ab, l:at(a))
expect.equal(l.ba, b:iface("eth1"))
expect.equal(l.ab.peer, l.ba)
expect.equal(l.ab.node, a)
expect.equal(l.ab.link, l)
expect.equal(l.utilisation, l.ab.utilisation)
expect.below(l.ba.utilisation, l.ab.utilisation)
expect.equal(a:iface(1), l.ab)
expect(l.ab.mac ~= l.ba.mac and l.ab.ip ~= l.ba.ip)
expect.equal(a.ip, l.ab.ip)

-- Counters have Linux's names.
local c = l:counters()
expect.above(c.tx_packets, 3000)
expect.equal(c.dropped, l.drops)
expect.equal(l.ba:counters().rx_packets, c.tx_packets)
fails("counters of a-eth1: unknown field `tx_pakets`; did you mean `tx_packets`?",
  function() return c.tx_pakets end)
expect.above(a:counters().IpOutRequests, 3454 // 2) -- 3454 segments, of which two or more may be one packet to IP

-- weft.series gathers figures, weft.table and weft.result keep them.
local each = weft.series({ f }, "fct")
expect.equal(each.count, 1)
expect.equal(each:max(), f.fct)
weft.result("completion", f.fct, "s")
weft.table { columns = { "flow", "time" }, units = { "", "s" }, { f.name, f.fct } }
weft.plot { each, each, { name = "all", series = each }, style = "cdf", name = "times" }
weft.plot { { name = "before", series = s, style = "dashes" }, name = "dashes" }
fails("a line is a series, { name =, x = {...}, y = {...} } or { name =, series = }",
  function() weft.plot { { series = s, y = { 1 } }, name = "both-kinds" } end)
fails("must be a series", function() weft.plot { { series = { 1, 2 } }, name = "no-series" } end)
weft.plot { s, { name = "line", x = { 0, 1 }, y = { 2, 3 }, unit = "packets" }, name = "both" }
net:plot { "cwnd", "queue_packets", of = { f, l }, between = { "1s", "3s" } }

-- Counts are whole at whatever moment the run ends.
local short = weft.network { name = "short" }
local sa, sb = short:host("a"), short:host("b")
local sl = short:link(sa, sb, { rate = "10Mbps", delay = "1ms", queue = "5pkts" })
local sf = short:tcp { from = sa, to = sb }
sf:record("retransmits", "delivered")
sf:record("rtt", { every = "1ms" })
for i = 1, 40 do
  short:run(i * 0.0037)
  for name, n in pairs { drops = sl.drops, bytes = sl.bytes, delivered = sf.delivered, retransmits = sf.retransmits,
                         lost = sf.lost } do
    expect.equal(n, math.floor(n), ("%s after %g s"):format(name, i * 0.0037))
  end
end
expect.equal(sl.drops, sl.ab:counters().dropped)
expect.above(sl.drops, 0)
expect.equal(sf:series("retransmits"):at(0), 0, "what counts begins at 0")
expect.above(sf:series("rtt"):min(), 0, "an ACK without a sample gives none")
expect.equal(sf.state, "ESTABLISHED")

-- Options of sockets reach the connections.  The clamp bounds the first window, and by its scale (0) all others; Linux lets
-- autotuning go on up to there.  The user time-out ends the flow 5 s or a little more after the link died at 2 s.
local opts = weft.network { name = "sockopts" }
local oa, ob = opts:host("a"), opts:host("b")
local ol = opts:link(oa, ob, { rate = "10Mbps", delay = "10ms" })
local of = opts:tcp { from = oa, to = ob, sockopt = { TCP_USER_TIMEOUT = "5s", TCP_WINDOW_CLAMP = "20kB", IP_TTL = 9 } }
of:record("rwnd")
opts:at("2s", function() ol:down { silent = true } end)
opts:run("60s")
expect.equal(of.error, "ETIMEDOUT")
expect.between(of.ended, "6.9s", "8s")
expect.between(of:series("rwnd"):at("50ms"), 15000, 20000)
expect.equal(of:series("rwnd"):max { between = { "1s", "2s" } }, 65535)

-- Round-trip times of a window.  The link becomes slower by 40 ms there and back in the middle; the mean of the whole run
-- lies half-way.
local slower = weft.network { name = "slower" }
local la, lb = slower:host("a"), slower:host("b")
local ll = slower:link(la, lb, { rate = "100Mbps", delay = "10ms" })
local ping = la:ping(lb, { interval = "100ms" })
local rpc = slower:rpc { from = la, to = lb, request = 100, response = 100, think = "10ms" }
local udp = slower:udp { from = la, to = lb, rate = "80kbps", size = 100 }
for _, x in ipairs { ping, rpc, udp } do x:record(x == ping and "rtt" or x == rpc and "latency" or "delay") end
slower:at("10s", function() ll:set { delay = "30ms" } end)
slower:run("20s")
for name, at in pairs { first = { 1, 9, 20e-3 }, second = { 11, 19, 60e-3 } } do
  local between = { between = { at[1], at[2] } }
  expect.near(ping:stats(between).rtt.mean, at[3], "1ms", name .. ": ping")
  expect.near(rpc:stats(between).latency.mean, at[3], "1ms", name .. ": request and response")
  expect.near(rpc:stats(between).latency.p99, at[3], "1ms", name .. ": 99th percentile")
  expect.near(udp:stats(between).delay.p95, at[3] / 2, "1ms", name .. ": datagrams")
end
expect.near(ping.rtt.mean, 40e-3, "1ms")
