-- Flows that take what is left over: TCP-LP (Kuzmanovic, Knightly, ToN 14(4), 2006) and LEDBAT (RFC 6817)
-- use an idle path, and yield to a Reno flow that comes at 30 s, which loses next to nothing by them.
--
-- tags: regression tcp cc
-- needs: tcp
for _, cc in ipairs { "lp", "ledbat", "reno" } do
  local net = weft.network { name = cc }
  local d = net:dumbbell { hosts = 2, rate = "10Mbps", delay = "18ms", queue = "pfifo limit 300",
    access = { rate = "1Gbps", delay = "1ms" } }
  local back = net:tcp { name = "background", from = d.left[1], to = d.right[1], cc = cc }
  local front = net:tcp { name = "foreground", from = d.left[2], to = d.right[2], cc = "reno", start = "30s" }
  net:run("90s")
  local alone = back:stats { between = { "15s", "30s" } }.goodput
  local left = back:stats { between = { "40s", "90s" } }.goodput
  local taken = front:stats { between = { "40s", "90s" } }.goodput
  weft.result(cc .. " alone", alone, "bit/s")
  weft.result(cc .. " beside reno", left, "bit/s")
  if cc == "reno" then
    expect.above(left, "3Mbps", "Reno does not yield")
  else
    expect.above(alone, "6Mbps", cc .. " uses an idle path")
    expect.below(left, "1Mbps", cc .. " yields")
    expect.above(taken, "8.4Mbps", "reno beside " .. cc)
  end
end
