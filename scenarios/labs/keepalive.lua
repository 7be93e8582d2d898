-- What SO_KEEPALIVE does on a connection on which nobody says anything.
--
-- After TCP_KEEPIDLE of silence (Linux: 2 h) a probe is sent: a segment with an old sequence number, which a
-- peer that still knows the connection must acknowledge.  If it does, the silence counts anew.  If nothing
-- comes, more probes follow, TCP_KEEPINTVL apart (75 s), and after TCP_KEEPCNT of them (9) the connection is
-- dead:  7200 s + 9 * 75 s = 7875 s after the last sign of life.  A peer that has forgotten the connection, as
-- it was booted in between, answers the first probe with a RST.  Without SO_KEEPALIVE nobody notices, ever.
--
-- Look at
--   probes.png     probes over time: each two hours, nine in a row, one, and with shorter times
--   alive.pcap     "TCP Keep-Alive" and "TCP Keep-Alive ACK"
--   dead.pcap      nine of them, and a RST of the client's own: should the peer come back, it will know
--   booted.pcap    a RST as the answer
--
-- tags: lab tcp keepalive sockets
-- needs: tcp
local net = weft.network()
local silence, horizon = 5, "6h"
local minute = { SO_KEEPALIVE = true, TCP_KEEPIDLE = 60, TCP_KEEPINTVL = 10, TCP_KEEPCNT = 6 }
local cases = {
  { name = "alive",  sockopt = { SO_KEEPALIVE = true } },
  { name = "dead",   sockopt = { SO_KEEPALIVE = true }, dies = true },
  { name = "booted", sockopt = { SO_KEEPALIVE = true }, dies = true, comes_back = true },
  { name = "tuned",  sockopt = minute, dies = true },
  { name = "off",    sockopt = {}, dies = true },
}
for _, case in ipairs(cases) do
  local client, server = net:host("client-" .. case.name), net:host("server-" .. case.name)
  local link = net:link(client, server, { rate = "64kbps", delay = "10ms" })
  if case.name ~= "off" then link:capture { name = case.name } end
  case.probes, case.count = {}, {}
  local cut = false
  link:set { loss = { ab = function(p)
    if p.tcp and now() > silence and not p.tcp.flags.reset then
      case.probes[#case.probes + 1], case.count[#case.count + 1] = now(), #case.count + 1
    end
    return cut and p.ip ~= nil
  end, ba = function(p) return cut and p.ip ~= nil end } }
  server:spawn(function()
    local s = server:listen(80):accept()
    s:recv()
    if not case.dies then return s:recv() end
    sleep(silence - now())
    cut = true
    s:sockopt("SO_LINGER", 0)
    s:close() -- its RST is lost: now the server knows nothing of the connection
    if case.comes_back then sleep("60s") cut = false end
  end)
  client:spawn(function()
    local s = assert(client:connect(server, 80, { sockopt = case.sockopt }))
    s:send("hello")
    sleep("1s")
    case.heard = now() - s:sockopt("TCP_INFO").tcpi_last_ack_recv / 1e3 -- the last sign of life
    case.error = select(2, s:recv())
    case.noticed = now()
  end)
end
net:run(horizon)

local lines, rows = {}, { name = "verdicts", columns = { "", "probes", "error", "after" }, units = { "", "", "", "s" } }
for i, case in ipairs(cases) do
  local x, y = {}, {}
  for k, t in ipairs(case.probes) do x[k], y[k] = t - case.heard, k end
  lines[i] = { name = case.name, x = x, y = y, label = "probes sent" }
  rows[i] = { case.name, #case.probes, case.error or "none", case.noticed and case.noticed - case.heard or "never" }
end
lines[5] = nil
lines.style, lines.name, lines.x_label, lines.x_unit = "linespoints", "probes", "time since the last sign of life", "s"
lines.log = "x"
lines.title = "By default it takes two hours and eleven minutes to notice that the peer is dead"
weft.plot(lines)
weft.table(rows)

local alive, dead, booted, tuned, off = table.unpack(cases)
expect.equal(alive.error, nil, "a peer that answers stays connected")
expect.equal(#alive.probes, 2, "in six hours, two: the third would come at six hours and a second")
for k, t in ipairs(alive.probes) do
  expect.near(t - alive.heard, 7200 * k, "1s", "probe " .. k)
end
expect.equal(dead.error, "ETIMEDOUT")
expect.near(dead.noticed - dead.heard, 7200 + 9 * 75, "1s")
expect.equal(#dead.probes, 9)
expect.equal(booted.error, "ECONNRESET")
expect.near(booted.noticed - booted.heard, 7200, "1s")
expect.equal(#booted.probes, 1)
expect.equal(tuned.error, "ETIMEDOUT")
expect.near(tuned.noticed - tuned.heard, 60 + 6 * 10, "100ms")
expect.equal(#tuned.probes, 6)
expect.equal(off.noticed, nil, "without SO_KEEPALIVE nobody notices")
expect.equal(#off.probes, 0)
