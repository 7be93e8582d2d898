-- Hybla's goodput under random loss does not depend on the round trip above RTT0 = 25 ms, where Reno's
-- falls with it (Caini, Firrincieli, Int. J. Satellite Communications and Networking 22, 2004).
--
-- tags: regression tcp cc
-- needs: tcp
local function goodput(cc, rtt)
  local net = weft.network { name = cc .. "-" .. rtt }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "1Gbps", delay = rtt / 2000, queue = "pfifo limit 10000", loss = { ab = { every = 2000 }, ba = 0 } })
  local flow = net:tcp { from = a, to = b, cc = cc }
  net:run("100s")
  local got = flow:stats { between = { "20s", "100s" } }.goodput
  weft.result(("%s at %d ms"):format(cc, rtt), got, "bit/s")
  return got
end

local near = goodput("hybla", 25)
for _, rtt in ipairs { 50, 100 } do
  expect.near(goodput("hybla", rtt), near, "15%", "hybla at " .. rtt .. " ms")
end
expect.below(goodput("reno", 100), 0.35 * goodput("reno", 25), "Reno's goodput falls with the round trip")
