-- Who sees which tag: the rules of Open vSwitch's ports.
--
-- Two switches, a trunk between them that carries VLANs 101 and 102, not 103.  On each there is an
-- access port for 101, one for 102, one for 103, and a trunk port that carries all.  One host after
-- the other sends a broadcast (an ARP request for an address that nobody has), and each interface notes
-- with which tag it gets there.  The table is what ovs-vswitchd.conf.db(5) says:
--
--   an access port puts its tag on what comes in and takes it off what goes out, and refuses what
--     comes with a tag;
--   a trunk port carries the VLANs of its list with their tags; an empty list carries all, and VLAN 0,
--     frames without a tag, as well.
--
-- tags: lab ethernet switch vlan ovs
-- needs: switch vlan ping
local seen = {}  -- [who sent][who saw] = "untagged" or the VLAN
local kinds = { "101", "102", "103", "all" }

local function run(sender, vlan)
  local what = sender .. (vlan and "+" .. vlan or "")
  local net = weft.network { name = what:gsub("%+", "-tag-") }
  local s = { net:switch("s1", { vlan = "ovs" }), net:switch("s2", { vlan = "ovs" }) }
  local hosts = {}
  seen[what] = {}
  for i = 1, 2 do
    for j, kind in ipairs(kinds) do
      local name = "h" .. i .. "-" .. kind
      local h = net:host(name)
      hosts[name] = h
      local port = net:link(h, s[i], { ip = { a = "10.0.0." .. i * 10 + j .. "/24" } }):at(s[i])
      if kind == "all" then port:trunk {} else port:access(tonumber(kind)) end
      port:set { loss = function(p)
        if p.arp and p.arp.opcode == 1 then
          seen[what][name] = p.vlan and p.vlan.id or "untagged"
        end
      end }
    end
  end
  local trunk = net:link(s[1], s[2])
  trunk:at(s[1]):trunk { 101, 102 }
  trunk:at(s[2]):trunk { 101, 102 }
  local from = hosts[sender]
  if vlan then
    from:vlan(vlan):address("10.9.0.1/24")
    from:ping("10.9.0.99", { count = 1 })
  else
    from:ping("10.0.0.99", { count = 1 })
  end
  net:run("100ms")
end

for _, kind in ipairs(kinds) do run("h1-" .. kind) end
for _, vlan in ipairs { 101, 102, 103 } do run("h1-all", vlan) end
run("h1-101", 101)

-- sender = { who gets it = how }; all others get nothing
local want = {
  ["h1-101"] = { ["h1-all"] = 101, ["h2-101"] = "untagged", ["h2-all"] = 101 },
  ["h1-102"] = { ["h1-all"] = 102, ["h2-102"] = "untagged", ["h2-all"] = 102 },
  ["h1-103"] = { ["h1-all"] = 103 },                     -- the trunk does not carry it
  ["h1-all"] = {},                                       -- VLAN 0: the trunk between has a list
  ["h1-all+101"] = { ["h1-101"] = "untagged", ["h2-101"] = "untagged", ["h2-all"] = 101 },
  ["h1-all+102"] = { ["h1-102"] = "untagged", ["h2-102"] = "untagged", ["h2-all"] = 102 },
  ["h1-all+103"] = { ["h1-103"] = "untagged" },
  ["h1-101+101"] = {},                                   -- a tag at an access port
}
for what, row in pairs(want) do
  for i = 1, 2 do
    for _, kind in ipairs(kinds) do
      local name = "h" .. i .. "-" .. kind
      expect.equal(seen[what][name], row[name], what .. " at " .. name)
    end
  end
end
