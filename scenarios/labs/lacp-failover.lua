-- A host hangs on its switch by two cables, and a TCP connection outlives the one that carries it.
--
-- Twice the cable that carries the flow fails: at 20 s so that both ends see it, at 40 s so that
-- nobody does (a media converter in between still shines).  Three ways to bond:
--   fast    802.3ad, LACPDUs each second: who is not heard for 3 s is gone
--   slow    802.3ad, LACPDUs each 30 s: 90 s
--   static  balance-xor, no protocol: what has carrier is taken to work
-- A failure that is seen costs what was on the cable at that moment.  One that is not seen costs the
-- time that LACP needs, and then up to as much again: TCP has doubled its timeout all the while, and
-- must wait for the next one to find out that the way is free.  Without LACP the flow stands still
-- until somebody mends the cable, here at 220 s.
--
-- Look at
--   failover.png    what arrived by when
--   a-eth1.pcap     of the network "fast": Actor and Partner State; "Expired" after the silent failure
--   the tables of net:show("bond")
--
-- tags: lab switch bond lacp tcp
-- needs: switch bond tcp
local CUT, MENDED, RUN = 40, 220, 360

local function run(name, options)
  local net = weft.network { name = name }
  local s, a, b = net:switch("s"), net:host("a"), net:host("b")
  local cables = {}
  for i = 1, 2 do cables[i] = net:link(a, s, { rate = "100Mbps", delay = "50us" }) end
  net:link(s, b, { rate = "2Mbps", delay = "10ms", queue = "20pkts" })
  options.ports, options.hash = cables, "layer3+4"
  local bond = a:bond(options)
  s:bond(options)
  cables[1]:capture()
  local f = net:tcp { name = name, from = a, to = b, start = "5s" }
  f:record("delivered")

  -- By which cable the flow goes: the members' figures of a tenth of a second.
  local before, carrying = {}, 1
  local function look() for i, m in ipairs(bond.bond:members()) do before[i] = m.tx_packets end end
  local function find()
    local most = -1
    for i, m in ipairs(bond.bond:members()) do
      local n = m.tx_packets - before[i]
      if n > most then most, carrying = n, i end
    end
  end
  for _, t in ipairs { 20, CUT } do net:at(t - 0.1, look) net:at(t - 0.001, find) end
  net:at("20s", function() cables[carrying]:down() end)
  net:at("20.5s", function() net:show("bond") end)
  net:at("30s", function() cables[carrying]:up() end)
  net:at(CUT, function() cables[carrying]:down { silent = true } end)
  net:at(CUT + 8, function() net:show("bond") end)
  net:at(MENDED, function() cables[carrying]:up() end)
  net:run(RUN)

  -- The longest time without a new byte.
  local function gap(from, to)
    local longest, last = 0, from
    f:series("delivered"):each(function(t)
      if t >= from and t <= to then longest, last = math.max(longest, t - last), t end
    end)
    return math.max(longest, to - last)
  end
  return { flow = f, seen = gap(20, 30), silent = gap(CUT, RUN), up = gap(30, 36) }
end

local fast = run("fast", { mode = "802.3ad", lacp_rate = "fast" })
local slow = run("slow", { mode = "802.3ad", lacp_rate = "slow" })
local static = run("static", { mode = "balance-xor" })
weft.table { name = "gaps", columns = { "bond", "seen failure", "silent failure" }, units = { "", "s", "s" },
             { "fast", fast.seen, fast.silent }, { "slow", slow.seen, slow.silent },
             { "static", static.seen, static.silent } }
weft.plot { name = "failover", title = "The cable fails in silence at 40 s and is mended at 220 s",
            fast.flow:series("delivered"), slow.flow:series("delivered"), static.flow:series("delivered") }

for name, r in pairs { fast = fast, slow = slow, static = static } do
  expect.below(r.seen, "400ms", name .. ": a failure that is seen costs a few segments")
  expect.below(r.up, "400ms", name .. ": and the cable's return nothing")
end
-- IEEE 802.1AX 5.4.4: the last LACPDU came up to a period before the failure.  TCP's retransmissions
-- are spaced twice as far each time (RFC 6298 5.5), so the first one behind t comes before 2 t.
expect.between(fast.silent, 2, 2 * 3 + 0.5, "short timeout, 3 s")
expect.between(slow.silent, 60, 2 * 90, "long timeout, 90 s")
expect.above(static.silent, MENDED - CUT, "nobody notices")
local arrived = static.flow:series("delivered")
expect.above(arrived:at(RUN), arrived:at(MENDED), "but the connection lives on")
