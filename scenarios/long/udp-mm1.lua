-- The queue M/M/1 at loads up to 0.9, with the precision that millions of datagrams give.
--
-- scenarios/regressions/udp-mm1.lua says what is compared and why.  Here what the least frame, 84 bytes
-- of wire, adds to the sizes is taken into account: for an exponential size X of mean m and c = 84,
-- E[max(X, c)] = c + m e^(-c/m) and E[max(X, c)^2] = c^2 + 2 m (c + m) e^(-c/m); the formula of Pollaczek
-- and Khinchine takes it from there.  The MTU is so large that nothing is fragmented.
--
-- tags: long udp queue physics
-- needs: udp
local rate, m, c = 1e9, 1000, 84
local tail = math.exp(-c / m)
local mean, square = c + m * tail, c * c + 2 * m * (c + m) * tail

for _, nominal in ipairs { 0.1, 0.5, 0.7, 0.9 } do
  local net = weft.network { name = ("load-%.0f"):format(100 * nominal) }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = rate, delay = 0, mtu = 65535, queue = "pfifo limit 1000000" })
  local arrivals = nominal * rate / (8 * m)
  local flow = net:udp { from = a, to = b, arrival = { "poisson", arrivals }, wire_size = { "exponential", m } }
  local datagrams = nominal < 0.9 and 10e6 or 40e6
  net:run(datagrams / arrivals)

  local service, load = 8 * mean / rate, arrivals * 8 * mean / rate
  local delay = service + load / (1 - load) * service * square / mean ^ 2 / 2
  expect.equal(flow.lost, 0)
  expect.near(link.utilisation, load, "0.2%", net.name .. ": utilisation")
  -- Four deviations of the mean, as in the shorter one.
  local p = load
  local deviation = (p * (2 + 5 * p - 4 * p ^ 2 + p ^ 3) / datagrams) ^ 0.5 / (1 - p) ^ 2 * service
  weft.result("delay at load " .. nominal, flow.delay.mean, "s")
  weft.result("error at load " .. nominal, flow.delay.mean / delay - 1, "1")
  expect.near(flow.delay.mean, delay, 4 * deviation, net.name .. ": mean delay")
  if nominal <= 0.5 then
    expect.near(flow.delay.mean, 8 * m / rate / (1 - nominal), "2%", net.name .. ": mean delay of plain M/M/1")
  end
end
