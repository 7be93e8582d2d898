-- How long CUBIC's sawtooth lasts on 10 Mbit/s, 40 ms with a buffer of 50 packets, where each loss comes at 84 packets:
-- by RFC 9438 K = cbrt(0.3 x 84 / 0.4) s, and a recovery of a round trip.  Linux's rounding has the window there 1.36 s
-- earlier; Linux 6.18 lost a packet each 2.84 s, ten times in a row, over the same path made of two TUN devices.
--
-- tags: regression tcp cubic
-- needs: tcp
local function period(cc)
  local net = weft.network { name = (cc:gsub(" ", "-")) }
  local a, r, b = net:host("a"), net:router("r"), net:host("b")
  net:link(a, r, { rate = "10Gbps" })
  net:link(r, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit 50" })
  local flow, last, gaps = net:tcp { from = a, to = b, cc = cc }, nil, {}
  flow:on("loss", function()
    if last and now() > last + 0.5 then gaps[#gaps + 1] = now() - last end
    last = now()
  end)
  net:run("40s")
  table.sort(gaps)
  local median = gaps[#gaps // 2 + 1] -- now and then one is lost a packet earlier, and the next one much later
  weft.result("period of " .. cc, median, "s")
  return median
end

local k = (0.3 * 84 / 0.4) ^ (1 / 3)
expect.near(period("cubic"), k + 0.1, "5%", "the period by RFC 9438")
expect.near(period("cubic plateau linux"), 2.84, "3%", "the period against Linux 6.18")
