-- tags: language lldp
-- LLDP on nodes of every kind, over bonds and VLANs, and when somebody falls silent.

local function fails(text, fn)
  local ok, message = pcall(fn)
  expect(not ok and message:find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(message))
end

local net = weft.network()
local s1 = net:switch("s1", { lldp = true, stp = "rstp" })
local s2 = net:switch("s2", { lldp = { interval = "5s", hold = 2 } })
local h, r, mute = net:host("h", { lldp = true }), net:router("r", { lldp = true }), net:host("mute")
local trunk = net:link(s1, s2)
net:link(s1, h)
local silent = net:link(s2, r)
net:link(s2, mute)
local one, two = net:link(s1, r), net:link(s1, r)
s1:bond { ports = { one, two }, mode = "802.3ad" }
r:bond { ports = { one, two }, mode = "802.3ad" }
trunk:at(s1):trunk { 10 }
trunk:at(s2):trunk { 10 }

fails("mute does not speak LLDP; say lldp = true where it is made", function() mute:lldp() end)
fails("unknown option `intervall`; did you mean `interval`?", function() net:host("x", { lldp = { intervall = 1 } }) end)
fails("hold", function() net:host("y", { lldp = { hold = 0 } }) end)

net:run("10s")
expect.equal(s1:port(1).lldp.system, "s2")
expect.equal(s1:port(1).lldp.ttl, 11, "2 x 5 s and one more")
expect.equal(s1:port(2).lldp.capabilities, "station")
expect.equal(s1:port(2).lldp.address, h.ip)
expect.equal(h:iface(1).lldp.port, "eth2")
expect.equal(h:iface(1).lldp.chassis, s1:port(1).mac)
expect.equal(h:iface(1).lldp.ttl, 121)
-- Cables of bonds speak for themselves.
expect.equal(one:at(r).lldp.port, one:at(s1).name)
expect.equal(two:at(s1).lldp.port, two:at(r).name)
expect.equal(two:at(s1).lldp.capabilities, "router")
expect.equal(#s2:lldp(), 2, "the mute one is not among them")
expect.equal(mute:iface(1).lldp, nil)
expect(net:show("lldp"):find("weft router", 1, true))

-- Who falls silent is forgotten when its time is over; who is unplugged, at once.
silent:down { silent = true }
net:run("70s")
expect.equal(silent:at(r).lldp, nil, "s2 said 11 s")
expect.equal(silent:at(s2).lldp.system, "r", "r said 121 s")
trunk:down()
expect.equal(trunk:at(s1).lldp, nil)
net:run("140s")
expect.equal(silent:at(s2).lldp, nil)
