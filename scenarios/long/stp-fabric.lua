-- A fabric of 1,000 switches and 10,000 hosts builds and converges RSTP, in less than 10 s of one core.
--
-- A port to a host waits for 3 s after what it last proposed, and it proposes anew when its switch hears of
-- a better root; a port may send 6 BPDUs at once and one a second after that, so the last of them open
-- some seconds after the start.
--
-- tags: long switch stp scale
-- needs: switch stp
local n = weft.arg("switches", 1000, "how many")
local each = weft.arg("hosts", 10, "at each of them")
local net = weft.network()
local draw = weft.random("links")
local link = { rate = "10Gbps", delay = "1us" }
local s = {}
for i = 1, n do
  s[i] = net:switch("s" .. i, { stp = "rstp", priority = i == 1 and 0 or 32768 })
  if i > 1 then net:link(s[i], s[(i - 2) // 3 + 1], link) end
end
for i = 1, n do
  local j = 1 + math.min(n - 1, math.floor(draw:uniform(0, n)))
  if j ~= i then net:link(s[i], s[j], link) end
end
for i = 1, n do
  for j = 1, each do net:link(s[i], net:host("h" .. i .. "-" .. j), { rate = "1Gbps", delay = "1us" }) end
end
net:run("10s")

local root, deepest, unsettled, roots = s[1]:stp().id, 0, 0, 0
for i = 1, n do
  local t = s[i]:stp()
  expect.equal(t.root, root)
  deepest = math.max(deepest, t.root_cost // 2000)
  for _, port in ipairs(t.ports) do
    if port.role == "root" then roots = roots + 1 end
    local forwards = port.role == "root" or port.role == "designated"
    if port.state ~= (forwards and "forwarding" or "discarding") then unsettled = unsettled + 1 end
  end
end
expect(deepest <= 18, "depth " .. deepest)
expect.equal(roots, n - 1, "every switch but one has a root port")
expect.equal(unsettled, 0, "all ports are settled, 10 s after the start")
