-- 100 Mbit/s, 100 ms, packets lost at random: BBR keeps near rate x (1 - loss), CUBIC falls at least
-- tenfold at 0.1 % (Cardwell et al., "BBR: congestion-based congestion control", ACM Queue 14(5), 2016,
-- figure 8).
--
-- tags: regression tcp cc bbr
-- needs: tcp
local function goodput(cc, loss)
  local net = weft.network { name = cc .. "-" .. loss }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "100Mbps", delay = "50ms", queue = "pfifo limit 860", loss = { ab = loss, ba = 0 } })
  local flow = net:tcp { from = a, to = b, cc = cc }
  net:run("16s")
  return flow:stats { between = { "6s", "16s" } }.goodput
end

local payload = 1448 / 1538 -- of what the wire carries
for _, loss in ipairs { 0.001, 0.01, 0.05 } do
  local got = goodput("bbr", loss)
  weft.result(("bbr at %g %%"):format(100 * loss), got, "bit/s")
  expect.above(got, 0.85 * payload * 100e6 * (1 - loss), ("BBR at %g %% loss"):format(100 * loss))
end
local cubic = goodput("cubic", 0.001)
weft.result("cubic at 0.1 %", cubic, "bit/s")
expect.below(cubic, "10Mbps", "CUBIC at 0.1 % loss")
