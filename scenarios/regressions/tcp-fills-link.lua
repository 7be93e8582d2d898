-- One TCP flow on an empty path of 100 Mbit/s and 10 ms has all of the link after slow start.
--
-- Of each 1538 bytes of wire 1448 are payload: 20 of IP header, 32 of TCP's with the timestamps, 14 + 4
-- of Ethernet and 8 + 12 around the frame go off.  Goodput tops out at 94.1 % of the rate.
--
-- tags: regression tcp physics
-- needs: tcp
for _, cc in ipairs { "reno", "cubic" } do
  for name, queue in pairs { large = "pfifo limit 1000", bdp = "1bdp" } do
    local net = weft.network { name = cc .. "-" .. name }
    local a, r, b = net:host("a"), net:router("r"), net:host("b")
    net:link(a, r, { rate = "10Gbps" })
    local link = net:link(r, b, { rate = "100Mbps", delay = "10ms", queue = queue, rtt = "20ms" })
    local flow = net:tcp { from = a, to = b, cc = cc }
    net:run("20s")

    -- Slow start ends at the first loss, or before by HyStart; what was lost is mended a second later.
    local between = { flow.slow_start_end + 1, 20 }
    local what = cc .. ", " .. name .. " queue: "
    expect.below(flow.slow_start_end, "5s", what .. "slow start ends")
    expect.above(link:stats { between = between }.utilisation, "99%", what .. "utilisation")
    expect.near(flow:stats { between = between }.goodput, 100e6 * 1448 / 1538, "1%", what .. "goodput")
    expect(flow:stats { between = between }.goodput <= 100e6 * 1448 / 1538 * 1.0001, what .. "no more than fits")
  end
end
