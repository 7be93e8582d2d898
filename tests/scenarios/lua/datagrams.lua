-- tags: language udp ping traceroute onoff voip
-- Traffic over UDP and ICMP: options, figures, lists.

local function fails(text, fn)
  local ok, message = pcall(fn)
  expect(not ok and message:find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(message))
end

local net = weft.network()
local c = net:chain { routers = 3, hosts = 1, rate = "10Mbps", delay = "1ms" }
local a, b = c.first, c.last

local u = net:udp { from = a, to = b, rate = "1Mbps", size = 1250, start = "1s", stop = "5s" }
local random = net:udp {
  from = b, to = a, arrival = { "poisson", 100 }, wire_size = { "exponential", 500 }, start = "1s",
}
local o = net:onoff { from = a, to = b, on = "100ms", off = "300ms", rate = "1Mbps", size = 125, start = "1s" }
local v = net:voip { from = a, to = b, codec = "g729", buffer = "40ms", start = "1s", talk = "1s", pause = "1.5s" }
local p = a:ping(b, { interval = "100ms", df = true, count = 20 })
local t = a:traceroute(b)
local i = a:traceroute("192.168.7.7", { proto = "icmp" })
u:record("delay")
v:record("mos")
p:record("rtt")

fails("unknown option `intervall`; did you mean `interval`?", function() a:ping(b, { intervall = 1 }) end)
fails("use one of g711, g711-noplc, g729, g723.1, gsm-efr", function() net:voip { from = a, to = b, codec = "g728" } end)
fails("wire_size must be from 84 to", function() net:udp { from = a, to = b, wire_size = 83 } end)
fails("unknown distribution", function() net:onoff { from = a, to = b, on = { "exponentiel", 1 } } end)
expect.equal(#t.hops, 0)

net:run("10s")

-- One of 1250 bytes each 10 ms for 4 s.
expect.equal(u.sent, 400)
expect.equal(u.received, 400)
expect.equal(u.lost, 0)
expect.equal(u.done, true)
expect.near(u.rate, "1Mbps", 1e-9)
expect.near(u:stats { between = { "2s", "4s" } }.goodput, "1Mbps", "1%")
expect.equal(u:series("delay").count, 400)
expect(u.delay.min <= u.delay.p50 and u.delay.p50 <= u.delay.p99 and u.delay.p99 <= u.delay.max)

expect.near(random.sent, 900, 120)
expect.near(o.rate, "250kbps", "5%")
expect.equal(o.bursts, 23)
expect.between(v.mos, 3.9, 4.2)
expect.equal(v.talkspurts, 4)

expect.equal(p.sent, 20)
expect.equal(p.received, 20)
-- Two links of 1 ms each way between the routers; those of the hosts are short.
expect.between(p.rtt.min, "4ms", "5ms")
expect.between(p.longest_gap, "90ms", "110ms")
expect.equal(p:series("rtt").count, 20)

expect.equal(t.reached, 1)
expect.equal(t.hop_count, 4)
local names = {}
for n, hop in ipairs(t.hops) do
  names[n] = hop.node
  expect.equal(hop.ttl, n)
  expect.equal(#hop.rtt, 3)
  expect.equal(hop.lost, 0)
  expect(hop.address:find("^10%.") ~= nil)
end
expect.equal(table.concat(names, " "), "r1 r2 r3 " .. b.name)
expect.equal(#i.hops, 1)
expect.equal(i.hops[1].mark, "!N")
expect.equal(i.reached, 0)

-- Broadcasts, as Linux 6.18 sends them: only with SO_BROADCAST, and to 255.255.255.255 only if a route or the address that the
-- socket is bound to says by which interface.
local lan = weft.network { name = "lan" }
local star = lan:star { switches = true, hosts = 4 }
for i, h in ipairs(star.hosts) do h:iface(1):address("192.168.7." .. i .. "/24") end
local heard = {}
for i = 2, 4 do
  star.hosts[i]:spawn(function()
    local s = star.hosts[i]:listen(67, { proto = "udp" })
    for words in function() return (s:recv()) end do heard[#heard + 1] = words end
  end)
end
local got = {}
star.hosts[1]:spawn(function()
  local s = star.hosts[1]:socket("udp")
  got[1] = select(2, s:send("one", { to = "192.168.7.255", port = 67 }))
  s:sockopt("SO_BROADCAST", true)
  got[2] = s:send("two", { to = "192.168.7.255", port = 67 })
  got[3] = select(2, s:send("three", { to = "255.255.255.255", port = 67 }))
  local bound = star.hosts[1]:socket("udp")
  bound:sockopt("SO_BROADCAST", true)
  assert(bound:bind(68, star.hosts[1]))
  got[4] = bound:send("four", { to = "255.255.255.255", port = 67 })
end)
lan:run("1s")
expect.equal(table.concat(heard, " "), "two two two four four four")
expect.equal(table.concat(got, " "), "EACCES 3 ENETUNREACH 4")

-- ICMP errors: a connected socket hears of them; one that is not does only if it asks for them (ip(7), IP_RECVERR), and then
-- also of those that are not final, as a traceroute needs it.
local way = weft.network { name = "errors" }
local near, router, far = way:host("near"), way:router("router"), way:host("far")
way:link(near, router)
way:link(router, far)
local told = {}
near:spawn(function()
  local u = near:socket("udp")
  u:send("?", { to = far, port = 9 })
  sleep("100ms")
  told[1] = select(2, u:recv { nowait = true })
  u:sockopt("IP_RECVERR", true)
  u:send("?", { to = far, port = 9 })
  sleep("100ms")
  told[2] = select(2, u:recv { nowait = true })
  u:sockopt("IP_TTL", 1)
  u:send("?", { to = far, port = 9 })
  sleep("100ms")
  told[3] = select(2, u:recv { nowait = true })
end)
way:run("1s")
expect.equal(table.concat(told, " "), "EAGAIN ECONNREFUSED EHOSTUNREACH")
