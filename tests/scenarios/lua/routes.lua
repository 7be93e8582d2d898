-- A route says with which window connections over it begin, as `ip route change ... initcwnd 3` (ip-route(8)),
-- and to which one they come back after a pause (RFC 5681, 4.1).
local function flights(initcwnd)
  local net = weft.network { name = "initcwnd-" .. (initcwnd or "default") }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = "1Gbps", delay = "50ms", ip = { a = "10.0.0.1/24", b = "10.0.0.2/24" } })
  if initcwnd then a:route("10.0.0.0/24", { dev = "eth1", initcwnd = initcwnd }) end
  local times = {}
  link:set { loss = { ab = function(p)
    if p.tcp and p.tcp.len > 0 then times[#times + 1] = p.time end
    return false
  end } }
  b:spawn(function() local s = b:listen(80):accept() while s:recv() do end end)
  a:spawn(function()
    local s = assert(a:connect(b, 80))
    s:send(string.rep("x", 100 * 1448))
    sleep("100s")
    s:send(string.rep("x", 100 * 1448))
  end)
  net:run("105s")
  local function first(from) -- packets within 10 ms of the first one after `from`
    local began, n
    for _, t in ipairs(times) do
      if t >= from and not began then began, n = t, 0 end
      if began and t < began + 0.01 then n = n + 1 end
    end
    return n
  end
  return first(0), first(100)
end

for _, want in ipairs { 1, 3, 10, 40 } do
  local new, again = flights(want)
  expect.equal(new, want, "a new connection")
  expect.equal(again, want, "after a pause")
end
expect.equal(flights(), 10, "RFC 6928, without a word about it")

-- Routes that refuse, as ip-route(8) has them: the sender gets what Linux makes of ICMP's host unreachable and
-- administratively prohibited (icmp_err_convert; in SYN_SENT both are final), or nothing but silence.  The router routes
-- everything else as before, and on the host itself connect fails at once.
do
  local net = weft.network { name = "refusing" }
  local client, router = net:host("client"), net:router("router")
  net:link(client, router, { ip = { a = "10.0.0.2/24", b = "10.0.0.1/24" } })
  local servers = {}
  for i = 1, 4 do
    servers[i] = net:host("server-" .. i)
    net:link(router, servers[i], { ip = { a = ("10.0.%d.1/24"):format(i), b = ("10.0.%d.2/24"):format(i) } })
    servers[i]:spawn(function() servers[i]:listen(80):accept() end)
  end
  router:route("10.0.1.0/25", { type = "unreachable" })
  router:route("10.0.2.0/25", { type = "prohibit" })
  router:route("10.0.3.0/25", { type = "blackhole" })
  local said = {}
  client:spawn(function()
    for i = 1, 4 do
      local s, why = client:connect(servers[i], 80, { sockopt = { TCP_SYNCNT = 1 } })
      said[i] = s and "open" or why
    end
    client:route("10.0.4.0/25", { type = "prohibit" })
    said[5] = select(2, client:connect(servers[4], 80))
    said[6] = select(2, client:connect(servers[4], 80, { proto = "udp" }))
  end)
  net:run("20s")
  expect.equal(table.concat(said, " "), "EHOSTUNREACH EHOSTUNREACH ETIMEDOUT open EACCES EACCES")
end
