-- Poisson arrivals, service times of any distribution, one server: the formula of Pollaczek and
-- Khinchine.
--
-- The mean wait depends on the service time's first two moments alone: load / (1 - load) times half of
-- E[S^2] / E[S] (Kleinrock, Queueing Systems I, 5.6).  Of the same load, datagrams of one size wait half as
-- long as exponential ones.
--
-- tags: regression udp queue physics
-- needs: udp
local rate, mean, duration = 100e6, 1000, 25

-- Squares are of the size on the wire.  The tolerances are four deviations or more of the mean of so many
-- waits at a load of 0.5, as seen over many seeds; scenarios/long/udp-mg1.lua is stricter.
local sizes = {
  constant = { size = mean, square = mean ^ 2 },
  uniform = { size = { "uniform", 100, 1900 }, square = mean ^ 2 + 1800 ^ 2 / 12 },
  -- Rounded to whole bytes and cut to 84 it differs by less than a hundredth of a percent.
  normal = { size = { "normal", mean, 200 }, square = mean ^ 2 + 200 ^ 2 },
  -- Nine short ones to one long one; the steps between them are a byte wide.
  mixed = {
    size = { "cdf", { { 499, 0 }, { 500, 0.9 }, { 5499, 0.9 }, { 5500, 1 } } },
    square = 0.9 * 500 ^ 2 + 0.1 * 5500 ^ 2,
    tolerance = 0.1,
  },
}

for _, load in ipairs { 0.3, 0.5, 0.8 } do
  for name, s in pairs(sizes) do
    local net = weft.network { name = ("%s-%.0f"):format(name, 100 * load) }
    local a, b = net:host("a"), net:host("b")
    local link = net:link(a, b, { rate = rate, delay = "1ms", mtu = 9000, queue = "pfifo limit 100000" })
    local flow = net:udp {
      from = a, to = b, wire_size = s.size, arrival = { "poisson", load * rate / (8 * mean) },
    }
    net:run(duration)

    local service = 8 * mean / rate
    local wait = load / (1 - load) * 8 / rate * s.square / mean / 2
    -- The first ones wait for ARP.
    local waited = flow:stats { between = { 1, duration } }.delay.mean - service - 0.001
    weft.result("wait, " .. name .. " sizes, load " .. load, waited, "s")
    expect.near(link.utilisation, load, "3%", "load of " .. name .. " sizes")
    local tolerance = (s.tolerance or 0.04) * (load < 0.8 and 1 or 2.5)
    expect.near(waited, wait, tolerance * wait, ("mean wait of %s sizes at load %g"):format(name, load))
  end
end
