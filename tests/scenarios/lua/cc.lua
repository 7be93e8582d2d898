-- weft.cc: what a congestion control in Lua sees, when it is called, and that Reno in it is Reno.
local seen = { init = 0, ack = 0, loss = 0, rto = 0, fields = true }

weft.cc("lua-reno", {
  init = function(cc)
    cc.my.count = 0
    seen.init = seen.init + 1
    expect.equal(cc.cwnd, 10)
    expect.equal(cc.ssthresh, math.huge)
    expect.equal(cc.pacing_rate, math.huge)
    expect.equal(cc.mss, 1448)
  end,
  on_ack = function(cc, ack)
    seen.ack = seen.ack + 1
    seen.fields = seen.fields and cc.srtt > 0.04 and cc.min_rtt >= 0.04 and cc.delivered > 0 and cc.now > 0 and
      ack.acked > 0 and ack.inflight <= 300 and ack.prior_inflight > 0 and cc.lost >= 0 and (ack.rtt == nil or ack.rtt >= 0.04)
    if not cc.limited then return end
    local my, acked = cc.my, ack.acked
    if cc.cwnd < cc.ssthresh then
      local grown = math.min(cc.cwnd + acked, cc.ssthresh)
      acked = acked - (grown - cc.cwnd)
      cc.cwnd = grown
      if acked == 0 then return end
    end
    if my.count >= cc.cwnd then
      my.count = 0
      cc.cwnd = cc.cwnd + 1
    end
    my.count = my.count + acked
    if my.count >= cc.cwnd then
      local steps = my.count // cc.cwnd
      my.count = my.count - steps * cc.cwnd
      cc.cwnd = cc.cwnd + steps
    end
  end,
  on_loss = function(cc)
    seen.loss = seen.loss + 1
    cc.my.count = 0
    return math.max(cc.cwnd // 2, 2)
  end,
  on_rto = function(cc) seen.rto = seen.rto + 1 end,
})

local function trace(cc)
  local net = weft.network { name = cc }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit 40", loss = { ab = "0.1%", ba = 0 } })
  local f = net:tcp { from = a, to = b, cc = cc }
  f:record("cwnd")
  net:at("20s", function() link:down() end)
  net:at("21s", function() link:up() end)
  net:run("40s")
  local out = {}
  f:series("cwnd"):each(function(t, x) out[#out + 1] = ("%.9f %d"):format(t, x) end)
  return table.concat(out, "\n")
end
expect(trace("reno") == trace("lua-reno"), "Reno in Lua has every window of reno, at the same time")
expect.equal(seen.init, 2) -- both ends
expect.above(seen.loss, 3)
expect.above(seen.rto, 0)
expect.above(seen.ack, 1000)
expect(seen.fields, "the fields have values that can be")

-- A window may have a part of a packet, and a rate paces.
local function goodput(name, functions, between)
  weft.cc(name, functions)
  local net = weft.network { name = name }
  local a = net:host("a")
  local b = net:host("b", { sysctl = { ["net.ipv4.tcp_congestion_control"] = name } })
  net:link(a, b, { rate = "10Mbps", delay = "20ms" })
  local f = net:tcp { from = a, to = b, cc = name }
  f:record("cwnd")
  net:run("20s")
  return f.goodput, f:series("cwnd"):max { between = { "1s", "20s" } }
end
local quarters = 0
local _, window = goodput("quarter", {
  init = function(cc) cc.cwnd, cc.ssthresh = 4, 4 end,
  on_ack = function(cc)
    if cc.limited and cc.cwnd < 5.9 then
      cc.cwnd = cc.cwnd + 0.25
      quarters = quarters + 1
    end
  end,
})
expect.equal(window, 6)
expect.equal(quarters, 8)
expect.near(goodput("paced", { init = function(cc) cc.pacing_rate = 400e3 end, on_ack = function() end }), "400kbps", "5%")
expect.near(goodput("in-words", { init = function(cc) cc.pacing_rate = "400kbps" end, on_ack = function() end }), "400kbps", "5%")
