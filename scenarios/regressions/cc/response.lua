-- The mean window of a flow that loses exactly one packet in n and never meets a queue: the response function, by
-- which the papers compare algorithms.  Between two losses the window grows from (1 - b) W to W while n packets are
-- sent, and from the growth that a paper states the mean follows.  For a growth of `a` packets a round trip it is
--     ((a (2 - b)) / (2 b) * n)^0.5
-- The other ones are summed up here, a tenth of a round trip at a time.
--
-- tags: regression tcp cc physics
-- needs: tcp
local rtt, n = 0.1, 2500
local horizon, warm_up = 120, 40

local function aimd(a, b) return (a * (2 - b) / (2 * b) * n) ^ 0.5 end

-- growth(w, t): packets a round trip, t seconds after the loss; decrease(w): the part of w that a loss takes.
local function sawtooth(growth, decrease)
  local w, mean = 100, 0
  for _ = 1, 30 do
    local sent, steps, sum = 0, 0, 0
    while sent < n do
      sent, steps, sum = sent + w / 10, steps + 1, sum + w
      w = w + growth(w, steps * rtt / 10) / 10
    end
    w, mean = w * (1 - decrease(w)), sum / steps
  end
  return mean
end

-- RFC 3649, appendix B: up to a window of 38 packets a(w) = 1, up to 118 it is 2, ...  As Linux does, this counts ACKs,
-- of which there is one for two packets.
local table_of_3649 = { { 38, 0.5 }, { 118, 0.44 }, { 221, 0.41 }, { 347, 0.38 }, { 495, 0.37 } }
local function row(w)
  for i, r in ipairs(table_of_3649) do
    if w <= r[1] then return i, r[2] end
  end
end
local highspeed = sawtooth(function(w) return row(w) / 2 end, function(w) return select(2, row(w)) end)

-- Caini, Firrincieli 2004: rho^2 = (RTT / 25 ms)^2 packets a round trip, in whole 128ths for each ACK.
local hybla = sawtooth(function(w) return (rtt / 25e-3) ^ 2 * 128 // w / 128 * w / 2 end, function() return 1 / 2 end)

-- Leith, Shorten 2004: 2 (1 - beta) alpha(t) packets a round trip of 100 ms, beta = RTTmin / RTTmax, but at most 0.8.
local htcp = sawtooth(function(_, t)
  local late = math.max(0, t - 1)
  return 2 * (1 - 0.8) * (1 + 10 * late + (late / 2) ^ 2)
end, function() return 0.2 end)

local scalable = sawtooth(function(w) return 0.01 * w end, function() return 1 / 8 end)

local cases = {
  { "reno", aimd(1, 1 / 2) },
  { "lp", aimd(1, 1 / 2) },             -- Reno as long as there is no delay
  { "ledbat", aimd(1, 1 / 2) },         -- RFC 6817 2.4.2: GAIN 1, a loss halves
  { "dctcp", aimd(1, 1 / 2) },          -- RFC 8257 3.5: it falls back to Reno
  { "prague", aimd(1, 1 / 2) },         -- the same, above a round trip of 25 ms
  { "veno", aimd(1, 1 / 5) },           -- no queue: a random loss
  { "hybla", hybla },
  { "illinois", aimd(10, 1 / 8) },      -- no delay: the greatest growth, the least decrease
  { "scalable", scalable },             -- Kelly 2003
  { "yeah", scalable },                 -- Baiocchi et al. 2007: while there is no queue
  { "highspeed", highspeed },
  { "htcp", htcp },
}
for _, c in ipairs(cases) do
  local cc, want = c[1], c[2]
  local net = weft.network { name = cc }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "100Gbps", delay = rtt / 2, loss = { ab = { every = n }, ba = 0 }, queue = "pfifo limit 100000" })
  local flow = net:tcp { from = a, to = b, cc = cc }
  flow:record("cwnd")
  net:run(horizon)
  local window = flow:series("cwnd"):mean { between = { warm_up, horizon } }
  weft.result("mean window of " .. cc, window, "packets")
  -- A round trip or two without growth, while what was lost is sent again, are not in the formulas.
  expect.near(window, want, "10%", "mean window of " .. cc)
  expect.equal(flow.timeouts, 0, cc)
end
