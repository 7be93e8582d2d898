-- A process that dies and a host that dies look different from the other end.
--
-- When a process dies its kernel lives on: it sends a FIN at once, and a RST to whoever still sends data.
-- When a host dies, or a cable is cut, nothing is sent at all.  Then the other side finds out by itself: a
-- sender when its retransmissions have had no answer for net.ipv4.tcp_retries2, a quarter of an hour; one
-- that only waits to read, never, unless SO_KEEPALIVE has it ask.  On the same link ARP fails as well, which
-- gives the error another name; where the path ends out of sight, it is the plain time-out.
--
-- Look at
--   process.pcap   FIN, then a RST as answer to data
--   far.pcap       retransmissions at growing intervals, up to two minutes
--   sender.pcap    the same, with ARP requests in between
--   keeper.pcap    keepalive probes each 5 s after 10 s of silence, and the client's own RST
--   notice.png     how long it took to notice
--
-- tags: lab tcp sockets keepalive
-- needs: tcp
local net = weft.network()
local death, delay = 5, 10e-3
local noticed = {}

-- A client that does `act` with its connection; its server's process or link ends at `death`, or something on
-- the way begins to swallow what belongs to IP.
local function pair(name, dies, act)
  local client, server = net:host("client-" .. name), net:host("server-" .. name)
  local link = net:link(client, server, { rate = "10Mbps", delay = delay })
  link:capture { name = name }
  local process = server:spawn(function()
    local s = server:listen(80):accept()
    while s:recv() do end
  end)
  net:at(death, function()
    if dies == "process" then
      process:kill()
    elseif dies == "host" then
      link:down { silent = true }
    else
      link:set { loss = function(p) return p.ip ~= nil end }
    end
  end)
  client:spawn(function()
    local s = assert(client:connect(server, 80))
    s:send("hello")
    sleep(death + 1 - now())
    noticed[name] = act(s)
  end)
end

-- Reads: the end of the stream was there since the FIN came.  Writes: the first data brings a RST.
pair("process", "process", function(s)
  local end_of_stream = s:recv() == nil
  s:send("are you there?")
  sleep("1s")
  local _, problem = s:send("hello?")
  return { time = now(), fin = end_of_stream, error = problem }
end)

local function write_and_wait(s)
  local rto = s:sockopt("TCP_INFO").tcpi_rto / 1e6
  local start = now()
  s:send("are you there?")
  local _, problem = s:recv()
  return { time = now(), error = problem, after = now() - start, rto = rto }
end

pair("sender", "host", write_and_wait)
pair("far", "path", write_and_wait)

pair("timeout", "host", function(s)
  s:sockopt("TCP_USER_TIMEOUT", 30000) -- milliseconds
  local start = now()
  s:send("are you there?")
  local _, problem = s:recv()
  return { time = now(), error = problem, after = now() - start }
end)

pair("keeper", "host", function(s)
  s:sockopt("TCP_KEEPIDLE", 10)
  s:sockopt("TCP_KEEPINTVL", 5)
  s:sockopt("TCP_KEEPCNT", 3)
  s:sockopt("SO_KEEPALIVE", true)
  local start = now()
  local _, problem = s:recv()
  return { time = now(), error = problem, after = now() - start }
end)

pair("waiter", "host", function(s)
  local _, problem = s:recv()
  return { time = now(), error = problem }
end)

net:run("3000s")

local names, times = {}, {}
for i, name in ipairs { "process", "keeper", "timeout", "sender", "far" } do
  names[i], times[i] = name, noticed[name].time - death
  print(("%-8s %-12s after %7.1f s"):format(name, noticed[name].error, times[i]))
end
weft.plot { { x = names, y = times, unit = "s", label = "noticed after" }, style = "bars",
            name = "notice", title = "Who notices when" }

expect(noticed.process.fin, "the dead process's kernel closed its socket")
expect.equal(noticed.process.error, "EPIPE")
expect.equal(noticed.waiter, nil, "who only reads waits for ever")

-- Ten seconds of silence, three probes without an answer, 5 s apart.
expect.equal(noticed.keeper.error, "ETIMEDOUT")
expect.near(noticed.keeper.after, 10 + 3 * 5, "1s")
expect.equal(noticed.timeout.error, "ETIMEDOUT")
expect.near(noticed.timeout.after, 30, "1s")

-- Time-outs come after rto, 2 rto, 4 rto, ..., 120 s at most.  Linux gives up at the first one by which as much
-- time has passed since the first retransmission as 15 of them from 200 ms on would take: 924.6 s.
local limit = 0
for k = 0, 15 do limit = limit + math.min(0.2 * 2 ^ k, 120) end
expect.near(limit, 924.6, "1ms")
local elapsed, interval, first = 0, noticed.far.rto, nil
repeat
  elapsed = elapsed + interval
  first = first or elapsed
  interval = math.min(2 * interval, 120)
until elapsed - first >= limit
expect.equal(noticed.far.error, "ETIMEDOUT")
expect.near(noticed.far.after, elapsed, "1s")

-- The failure of ARP is an ICMP error that the host gives itself (RFC 1122 4.2.3.9: a hint, no end), and has it
-- back off less (RFC 6069).
expect.equal(noticed.sender.error, "EHOSTUNREACH")
expect.between(noticed.sender.after, limit, limit + 120 + 2 * noticed.far.rto, "the first time-out past the limit")
