-- tags: language udp multicast
-- Groups: who joins hears, who does not hears nothing; options of sockets, and mistakes.

local function fails(text, fn)
  local ok, message = pcall(fn)
  expect(not ok and message:find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(message))
end

local net = weft.network()
local s, h = net:switch("s"), {}
for i = 1, 4 do
  h[i] = net:host("h" .. i)
  net:link(h[i], s, { rate = "100Mbps" })
end
net:link(h[4], s)

fails("10.0.0.1 is no multicast group; they are 224.0.0.0 to 239.255.255.255", function() h[1]:join("10.0.0.1") end)
fails("h4 has 2 interfaces; say at which, node:join(\"239.1.1.1\", \"eth1\")", function() h[4]:join("239.1.1.1") end)
fails("h1 has no interface eth7", function() h[1]:join("239.1.1.1", "eth7") end)
fails("h1-eth1 has not joined 239.1.1.1", function() h[1]:leave("239.1.1.1") end)
fails("unknown sysctl", function() h[1]:sysctl("net.ipv4.igmp_qrw", 3) end)
expect.equal(h[1]:sysctl("net.ipv4.igmp_qrv"), "2")
expect.equal(h[1]:sysctl("net.ipv4.igmp_max_memberships"), "20")
expect.equal(h[1]:sysctl("net.ipv4.conf.default.igmpv2_unsolicited_report_interval"), "10000")

-- Who asks, and who listens to answers.
local r, t = net:router("r"), net:switch("t", { snooping = true, fast_leave = true })
net:link(r, t)
net:link(t, s)
fails("fast_leave is an option of snooping; say snooping = true as well", function()
  net:switch("u", { fast_leave = true })
end)
fails("s does not listen to answers", function() s:querier() end)
fails("from which address should t ask?", function() t:querier() end)
fails("t looks at no tags", function() t:querier { vlan = 10 } end)
fails("VLAN", function() t:querier { vlan = 4095 } end)
fails("are for switches", function() r:querier { address = "10.0.0.1" } end)
fails("h4 has 2 interfaces; say at which", function() h[4]:querier() end)
fails("response", function() r:querier { response = "26s" } end)
r:querier { interval = "2s" }
fails("asks already", function() r:querier() end)
t:querier { address = "223.0.0.1" }
fails("t asks in VLAN 0 already", function() t:querier { address = "223.0.0.1" } end)

-- h2 hears by a membership of the host, h3 by its socket's, h4 at its second interface alone.
local heard = { 0, 0, 0, 0 }
local function count(i, sockopt)
  h[i]:spawn(function()
    local sock = h[i]:listen(5000, { proto = "udp", sockopt = sockopt })
    while sock:recv() do heard[i] = heard[i] + 1 end
  end)
end
h[2]:join("239.1.1.1")
count(2)
count(3, { IP_ADD_MEMBERSHIP = "239.1.1.1" })
count(4, { IP_ADD_MEMBERSHIP = { "239.1.1.1", dev = "eth2" } })
net:at("3s", function() h[2]:leave("239.1.1.1") end)
local f = net:udp { from = h[1], to = "239.1.1.1:5000", size = 100, rate = "8kbps", start = "1s", stop = "5.05s" }
h[1]:spawn(function()
  local sock = h[1]:socket("udp")
  expect.equal(sock:sockopt("IP_MULTICAST_TTL"), 1)
  expect.equal(sock:sockopt("IP_MULTICAST_TTL", 7), 7)
  expect.equal(sock:sockopt("IP_MULTICAST_LOOP"), true)
  expect.equal(sock:sockopt("IP_MULTICAST_IF"), "0.0.0.0")
  expect.equal(sock:sockopt("IP_MULTICAST_IF", "eth1"), h[1].ip)
  expect.equal(select(2, sock:sockopt("IP_ADD_MEMBERSHIP")), "ENOPROTOOPT")
  expect(sock:sockopt("IP_ADD_MEMBERSHIP", "239.9.9.9"))
  expect.equal(select(2, sock:sockopt("IP_ADD_MEMBERSHIP", "239.9.9.9")), "EADDRINUSE")
  expect.equal(select(2, sock:sockopt("IP_DROP_MEMBERSHIP", "239.9.9.8")), "EADDRNOTAVAIL")
  fails("it is a group or", function() sock:sockopt("IP_ADD_MEMBERSHIP", { "239.9.9.9", device = 1 }) end)
  expect.equal(select(2, h[1]:socket("tcp"):sockopt("IP_MULTICAST_TTL", 1)), "ENOPROTOOPT")
end)
net:run("6s")
-- 10 datagrams a second: 41 in all, 20 before 3 s, at which the 21st has left just before.
expect.equal(f.sent, 41)
expect.between(heard[2], 20, 21)
expect.equal(heard[3], 41)
expect.equal(heard[4], 41)
-- The lowest address asks; the switch has learnt who does, and who has joined.
local kinds = {}
for _, entry in ipairs(t:groups()) do
  kinds[entry.kind] = entry
end
expect.equal(kinds.querier.querier, r.ip)
expect.equal(kinds.router.port, 1)
expect.equal(kinds.member.port, 2)
expect.equal(kinds.member.group, "239.1.1.1")
expect(net:show("groups"):find("239.1.1.1", 1, true))
expect.equal(f.lost, nil, "nobody knows how many a group has lost")
