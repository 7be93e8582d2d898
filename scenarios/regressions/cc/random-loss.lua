-- One packet in a hundred is lost at random: Westwood and Veno, which were made for that, beat Reno
-- (Mascolo et al., MobiCom 2001; Fu, Liew, JSAC 21(2), 2003).
--
-- tags: regression tcp cc
-- needs: tcp
local function goodput(cc)
  local net = weft.network { name = cc }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "10Mbps", delay = "25ms", queue = "pfifo limit 60", loss = { ab = "1%", ba = 0 } })
  local flow = net:tcp { from = a, to = b, cc = cc }
  net:run("120s")
  weft.result(cc, flow.goodput, "bit/s")
  return flow.goodput
end

local reno = goodput("reno")
expect.above(goodput("westwood"), 1.5 * reno, "Westwood against Reno")
expect.above(goodput("veno"), 1.3 * reno, "Veno against Reno")
