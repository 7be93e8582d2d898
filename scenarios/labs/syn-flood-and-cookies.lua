-- A flood of SYNs fills a server's SYN queue; SYN cookies let everybody else in all the same (RFC 4987).
--
-- A SYN costs its sender one packet, and the server a place in the SYN queue until the handshake is complete or
-- given up, a minute later.  An attacker who sends SYNs in the name of addresses that never answer needs 129
-- of them to fill a queue for 128; from then on each place that becomes free is won by the next SYN of the
-- flood.  With net.ipv4.tcp_syncookies the SYN-ACK is sent and forgotten: what is needed to build the
-- connection stands in its sequence number and timestamp, and comes back with the client's ACK.
--
-- The price: four values for the MSS, and a client without timestamps gets neither window scaling nor SACK, so that
-- it receives no more than 65,535 bytes per round trip.
--
-- Look at
--   waits.png        when clients tried to connect, and how long it took
--   queue.png        half-open connections at the server without cookies; the flood is from 10 s to 30 s.  Old
--                    ones are given up early, after 7 s, while more than half of the queue is taken, and the
--                    others after 63 s.
--   cookies.pcap     at the server with cookies: each SYN has one SYN-ACK; those with an option "TSval" below that of
--                    others sent at the same time are cookies
--   queued.pcap      at the server without: SYN-ACKs again and again to nobody, SYNs without an answer
--   rates.png        a transfer during the flood, with timestamps and without
--
-- tags: lab tcp syncookies sockets
-- needs: tcp
local net = weft.network()
local backlog, per_second, from, to = 128, 200, 10, 30
local delay, rate = 12.5e-3, 100e6 -- of each of two links: 50 ms there and back
local rtt = 4 * delay
local cases = { { name = "queued", cookies = 0 }, { name = "cookies", cookies = 1 } }

for n, case in ipairs(cases) do
  local function name(what) return what .. "-" .. case.name end
  local router = net:router(name("router"))
  local server = net:host(name("server"), { sysctl = { ["net.ipv4.tcp_syncookies"] = case.cookies } })
  case.server = server
  -- Every node's way out is the router; addresses of the flood lead to a host that swallows what is not for it.
  local function attach(node, number)
    local subnet = ("10.%d.%d."):format(n, number)
    local link = net:link(router, node, { rate = rate, delay = delay, ip = { a = subnet .. "1/24", b = subnet .. "2/24" } })
    node:route("default", { via = subnet .. "1" })
    return link
  end
  local client = net:host(name("client"))
  local old = net:host(name("old-client"), { sysctl = { ["net.ipv4.tcp_timestamps"] = 0 } })
  local attacker, nowhere = net:host(name("attacker")), net:host(name("nowhere"))
  attach(server, 1):at(server):capture { name = case.name }
  attach(client, 2)
  attach(old, 3)
  attach(attacker, 4)
  attach(nowhere, 5)
  client:ping(server, { name = name("ping"), count = 1 }) -- ARP is done when the first client comes
  router:route("198.18.0.0/15", { via = ("10.%d.5.2"):format(n) })

  local listener
  server:spawn(function()
    listener = server:listen(80, { backlog = backlog })
    while true do
      local s = listener:accept()
      server:spawn(function(c)
        local wanted = tonumber(c:recv() or "0")
        c:send(string.rep("x", wanted))
        c:close()
      end, s)
    end
  end)
  case.at, case.half_open = {}, {}
  net:every("100ms", function()
    case.at[#case.at + 1] = now()
    case.half_open[#case.half_open + 1] = listener and listener.half_open or 0
  end)

  case.flood = net:synflood { name = name("flood"), from = attacker, to = server, interval = 1 / per_second,
                              start = from, stop = to }
  -- Somebody comes each 500 ms, and waits for three seconds at most.
  case.start, case.wait = {}, {}
  net:every("500ms", function()
    local begin, i = now(), #case.start + 1
    case.start[i], case.wait[i] = begin, 3
    client:spawn(function()
      local s = client:socket("tcp")
      s:sockopt("TCP_SYNCNT", 1)
      if s:connect(server, 80) then
        case.wait[i] = math.min(3, now() - begin)
        s:send("10")
        s:recv()
      end
      s:close()
    end)
  end, { start = "1.1s", stop = "40s" })
  -- One transfer of 1 MB by each client, while the flood goes on.
  case.took = {}
  for kind, host in pairs { new = client, old = old } do
    host:spawn(function()
      sleep(15)
      local s = host:connect(server, 80)
      if not s then return end
      local begin, bytes = now(), 0
      s:send("1000000")
      for data in function() return s:recv() end do bytes = bytes + #data end
      case.took[kind] = bytes == 1000000 and now() - begin or nil
      s:close()
    end)
  end
end
net:run("45s")

local waits = { style = "scatter" }
for i, case in ipairs(cases) do
  local what = case.cookies == 1 and "with cookies" or "without"
  waits[i] = { name = what, x = case.start, y = case.wait, unit = "s", label = "time until connected (3: not)" }
end
waits.name, waits.title = "waits", "A client each 500 ms; 200 SYNs/s of nobody from 10 s to 30 s"
waits.x_label, waits.x_unit = "time", "s"
weft.plot(waits)
local queued, cookies = table.unpack(cases)
weft.plot { { x = queued.at, y = queued.half_open, unit = "", label = "half-open connections" },
            style = "steps", name = "queue", x_label = "time", x_unit = "s",
            title = "The SYN queue for a backlog of 128 holds 129; half of it is kept for the young" }
weft.plot { { x = { "timestamps", "none" }, y = { 8e6 / cookies.took.new, 8e6 / cookies.took.old },
              unit = "bit/s", label = "goodput of 1 MB" }, style = "bars", name = "rates",
            title = "Cookies without timestamps: no window scaling" }

-- How many of those who came in [a, b) were let in by the first SYN.
local function let_in(case, a, b)
  local n, all = 0, 0
  for i, start in ipairs(case.start) do
    if start >= a and start < b then
      all, n = all + 1, n + (case.wait[i] < 1 and 1 or 0)
    end
  end
  return n / all
end
for _, case in ipairs(cases) do
  expect.equal(let_in(case, 0, from), 1, case.name .. ": before the flood")
  expect.equal(case.flood.sent, (to - from) * per_second)
end
-- With cookies nobody notices: every client is connected after one round trip (and 20 us of sending).
for i, wait in ipairs(cookies.wait) do expect.near(wait, rtt, "1ms", "client " .. i) end
local c = cookies.server:counters()
expect.above(c.TcpExtSyncookiesSent, 0.7 * cookies.flood.sent, "most of the flood met a full queue")
expect.equal(c.TcpExtSyncookiesFailed, 0)
expect.equal(c.TcpExtListenDrops, 0)
-- Without, a place is free for one SYN in many.  A request lives at least 1 + 2 + 4 = 7 s, so that at most 129 of
-- 7 x 200 SYNs get in.
expect.below(let_in(queued, from + 1, to), 0.2)
expect.above(queued.server:counters().TcpExtTCPReqQFullDrop, 0.7 * queued.flood.sent)
local most = 0
for _, n in ipairs(queued.half_open) do most = math.max(most, n) end
expect.equal(most, backlog + 1, "the queue holds one more than the backlog")
-- 65,535 bytes in each round trip at most, so that 1 MB takes 15 and more.
expect.above(cookies.took.old, 1e6 / 65535 * rtt)
expect.below(cookies.took.new, cookies.took.old / 2)
