-- What TCP leaves in the queue of its own host: about a millisecond of its pacing rate, or two super-segments
-- (Linux's tcp_small_queue_check), and the link is busy all the same.  Behind a router, or if the scenario gives the
-- link a buffer, the queue is as long as the window makes it.
--
-- A small write waits while earlier ones are on their way out (net.ipv4.tcp_autocorking), unless it is switched off.
--
-- tags: regression tcp tsq autocorking
-- needs: tcp
local function bulk(cc)
  local net = weft.network { name = cc }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = "10Mbps", delay = "20ms" })
  local flow = net:tcp { from = a, to = b, cc = cc }
  link:record("queue_packets", "queue_bytes")
  net:run("10s")
  expect.between(link:series("queue_packets"):max(), 2, 3, cc .. ": super-segments that wait")
  -- A window of at most twice the path's content is paced at most at four times the link's rate.
  expect(link:series("queue_bytes"):max() <= 3 * 4 * 1514, cc .. ": a few packets each")
  expect.equal(link.drops, 0, cc .. ": nothing is dropped")
  expect.above(link:stats { between = { "2s", "10s" } }.utilisation, 0.98, cc .. ": the link is busy")
  expect.equal(flow.retransmits, 0)
end
for _, cc in ipairs { "reno", "cubic", "bbr" } do bulk(cc) end

local function segments(autocorking)
  local net = weft.network { name = "autocorking-" .. autocorking }
  local a, b = net:host("a"), net:host("b")
  net:link(a, b, { rate = "1Mbps", delay = "100us" })
  a:sysctl("net.ipv4.tcp_autocorking", autocorking)
  local got = 0
  b:spawn(function()
    local s = b:listen(80):accept()
    while true do
      local words = s:recv()
      if not words then return end
      got = got + #words
    end
  end)
  a:spawn(function()
    local s = assert(a:connect(b, 80))
    s:sockopt("TCP_NODELAY", 1)
    for _ = 1, 8 do s:send(("x"):rep(100)) end
    s:close()
  end)
  net:run("5s")
  expect.equal(got, 800)
  local counters = a:counters()
  return counters.TcpExtTCPOrigDataSent, counters.TcpExtTCPAutoCorking
end
local sent, corked = segments(1)
-- What waits has to be more than the new segment: two small ones go, and the rest together when something has left.
expect.equal(sent, 3, "segments with autocorking")
expect.above(corked, 0)
sent, corked = segments(0)
expect.equal(sent, 9, "segments without, and the FIN")
expect.equal(corked, 0)

-- A buffer that the scenario gives to the link is filled and overflows, as one behind a router does.
local net = weft.network { name = "buffer" }
local a, b = net:host("a"), net:host("b")
local link = net:link(a, b, { rate = "10Mbps", delay = "20ms", queue = "pfifo limit 30" })
net:tcp { from = a, to = b, cc = "reno" }
link:record("queue_packets")
net:run("10s")
expect.equal(link:series("queue_packets"):max(), 30, "the buffer is full")
expect.above(link.drops, 0, "and overflows")

-- Its limit counts what a wire brings, segments of at most 1538 bytes' time, whatever the sender hands down at once: who takes
-- the last place waits for the others in the queue, and for the rest of the one that is being sent.
for _, case in ipairs { { 10e6, 30 }, { 100e6, 100 }, { 1e9, 400 } } do
  local rate, limit = table.unpack(case)
  local net = weft.network { name = ("limit-%d"):format(limit) }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = rate, delay = "10ms", queue = "pfifo limit " .. limit })
  local flow = net:tcp { from = a, to = b, cc = "reno" }
  link:record("queue_packets", "queue_bytes", "queue_delay")
  net:run("3s")
  expect.equal(link:series("queue_packets"):max(), limit)
  expect.equal(link:series("queue_bytes"):max(), limit * 1514)
  expect.between(link:series("queue_delay"):max(), (limit - 1) * 1538 * 8 / rate, limit * 1538 * 8 / rate)
  expect.above(flow.retransmits, 0, "and overflows")
end
