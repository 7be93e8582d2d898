-- The formula of Pollaczek and Khinchine with the precision that millions of datagrams give.
--
-- scenarios/regressions/udp-mg1.lua says what is compared and why.
--
-- tags: long udp queue physics
-- needs: udp
local rate, mean, datagrams = 1e9, 1000, 10e6

-- Squares are of the size on the wire; the tolerance is for a load of 0.5.
local sizes = {
  constant = { size = mean, square = mean ^ 2, tolerance = 0.005 },
  uniform = { size = { "uniform", 100, 1900 }, square = mean ^ 2 + 1800 ^ 2 / 12, tolerance = 0.005 },
  mixed = {
    size = { "cdf", { { 499, 0 }, { 500, 0.9 }, { 5499, 0.9 }, { 5500, 1 } } },
    square = 0.9 * 500 ^ 2 + 0.1 * 5500 ^ 2, tolerance = 0.015,
  },
  normal = { size = { "normal", mean, 250 }, square = mean ^ 2 + 250 ^ 2, tolerance = 0.005 },
}

for _, load in ipairs { 0.5, 0.8 } do
  for name, s in pairs(sizes) do
    local net = weft.network { name = ("%s-%.0f"):format(name, 100 * load) }
    local a, b = net:host("a"), net:host("b")
    local link = net:link(a, b, { rate = rate, delay = "1ms", mtu = 9000, queue = "pfifo limit 1000000" })
    local arrivals = load * rate / (8 * mean)
    local flow = net:udp { from = a, to = b, wire_size = s.size, arrival = { "poisson", arrivals } }
    net:run(datagrams / arrivals)

    local service = 8 * mean / rate
    local wait = load / (1 - load) * service * s.square / mean ^ 2 / 2
    -- The first ones wait for ARP.
    local waited = flow:stats { between = { 1, datagrams / arrivals } }.delay.mean - service - 0.001
    weft.result(("wait of %s sizes at load %g"):format(name, load), waited, "s")
    weft.result(("error of %s sizes at load %g"):format(name, load), waited / wait - 1, "1")
    expect.near(link.utilisation, load, "0.5%", "load of " .. net.name)
    expect.near(waited, wait, (load < 0.8 and 1 or 2.5) * s.tolerance * wait, "mean wait of " .. net.name)
  end
end
