-- tags: language tcp
-- What a link does to packets, as options of the language; what predicates see.

local serial = 0

-- A flow of `bytes` over one link with these options, run to its end.
local function flow(options, bytes)
  serial = serial + 1
  local net = weft.network { name = "n" .. serial }
  local a, b = net:host("a"), net:host("b")
  local link = { rate = "10Mbps", delay = "5ms" }
  for k, v in pairs(options) do link[k] = v end
  local l = net:link(a, b, link)
  local f = net:tcp { from = a, to = b, bytes = bytes or "500kB", port = 80 }
  net:run { stop_when = "flows done", max = "60s" }
  return f, l, net
end

local f, l = flow {}
expect.equal(f.retransmits, 0)
expect.equal(l.drops, 0)

-- Deterministic patterns lose exactly what they say: frames 1 and 2 are an ARP request and the SYN.
f, l = flow { loss = { ab = { packets = { 5, 9 } } } }
expect.equal(l.ab:counters().drop_loss_pattern, 2)
expect.equal(f.retransmits, 2)
f, l = flow { loss = { ab = { every = 100 } } }
local sent = l.ab:counters().tx_packets
expect.equal(l.ab:counters().drop_loss_pattern, sent // 100)

-- Random loss, one direction and both.
f, l = flow({ loss = { ba = "10%" } }, "2MB")
expect.equal(l.ab.drops, 0)
expect.near(l.ba.drops / l.ba:counters().tx_packets, "10%", "40%")
f, l = flow({ loss = { burst = { rate = "1%", length = 3 } } }, "2MB")
expect.near(l.ab.drops / l.ab:counters().tx_packets, "1%", "90%")
f, l = flow({ ber = 1e-6 }, "2MB")
expect.above(l.ba:counters().drop_bad_fcs, 5, "damaged frames are dropped where they arrive")

-- Delays: jitter keeps the order, reordering does not.
f = flow { jitter = "2ms" }
expect.between(f.rtt.min, "10ms", "14ms")
expect.equal(f.retransmits, 0)
f = flow { jitter = { delay = "1ms", dist = "exponential" } }
expect.equal(f.done, true)
f, l = flow({ duplicate = "5%" }, "1MB")
expect.equal(f.done, true)

-- A predicate over the packet, with Wireshark's names.
local seen, kept = {}, nil
f, l = flow { loss = { ab = function(p)
  kept = p
  if p.arp then seen.arp = p.arp.opcode end
  if p.tcp and p.tcp.flags.syn then seen.syn = p.tcp.seq; seen.mss = p.tcp.options.mss_val end
  seen.udp = seen.udp or p.udp ~= nil
  if not p.tcp then return false end
  expect.equal(p.ip.proto, 6)
  expect.equal(p.tcp.dstport, 80)
  expect.equal(p.eth.type, 0x0800)
  expect.equal(p.flow, "a-b")
  expect.equal(p.len, p.ip.len + 14)
  expect(p.tcp.len <= 1448)
  seen.first = seen.first or (p.tcp.len > 0 and p.tcp.seq)
  seen.time = p.time
  -- The third segment of data is lost twice.
  if p.tcp.len > 0 and p.tcp.seq == 1 + 2 * 1448 then
    seen[#seen + 1] = p.transmission
    return p.transmission <= 2
  end
end, ba = function(p)
  if not p.tcp or seen.sack then return false end
  seen.none = seen.none or p.tcp.options.sack_le == nil
  seen.sack = p.tcp.options.sack_le
  seen.length = seen.sack and p.tcp.options.sack_re - seen.sack
  return false
end } }
expect.equal(seen.arp, 1)
expect.equal(seen.syn, 0)
expect.equal(seen.mss, 1460)
expect.equal(seen.first, 1)
expect.equal(seen.udp, false)
expect.equal(seen.none, true, "no SACK before a loss")
expect.equal(seen.sack, 1 + 3 * 1448, "SACKed: what is behind the third")
expect.equal(seen.length % 1448, 0)
expect.equal(table.concat(seen, " "), "1 2 3")
expect.equal(l.drops, 2)
expect.above(seen.time, 0.3)
local ok, message = pcall(function() return kept.len end)
expect(not ok and message:find("the packet is gone"), message)

-- It may not change the network, and its errors end the run.
local function fails(text, fn, ...)
  local good, why = pcall(fn, ...)
  expect(not good and tostring(why):find(text, 1, true), "wanted: " .. text .. "; got: " .. tostring(why))
end
local cable
fails("a loss function may only look at its packet", function()
  local _
  serial = serial + 1
  local net = weft.network { name = "n" .. serial }
  local a, b = net:host("a"), net:host("b")
  cable = net:link(a, b, { loss = function() cable:down() end })
  net:tcp { from = a, to = b }
  net:run("1s")
end)
fails("packet: unknown field `tcq`; did you mean `tcp`?", flow, { loss = function(p) return p.tcq end })

-- Options can change at run time; what is under way is not lost.
serial = serial + 1
local net = weft.network { name = "n" .. serial }
local a, b = net:host("a"), net:host("b")
l = net:link(a, b, { rate = "10Mbps", delay = "5ms" })
f = net:tcp { from = a, to = b }
net:at("2s", function() l:set { rate = "1Mbps", delay = { ab = "50ms" } } end)
net:at("4s", function() l:set { rate = "20Mbps", queue = "pfifo limit 10" } end)
net:run("6s")
expect.near(f:stats { between = { "2.5s", "4s" } }.goodput, "0.94Mbps", "3%")
expect.equal(l.queue.limit, 10)
expect.near(l.delay, "50ms", 0)
expect.near(l.ba.delay, "5ms", 0)

-- Down is known to both ends, silent is not.
l:down()
local before = l:counters().tx_packets
net:run("7s")
expect.equal(l:counters().tx_packets, before)
l:up()
l:down { silent = true }
net:run("30s")
expect.above(l:counters().tx_packets, before)
expect.equal(f:stats { between = { "8s", "29s" } }.delivered, 0)
