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
