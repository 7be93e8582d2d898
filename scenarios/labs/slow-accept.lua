-- A server that accepts too slowly: its queue is full, and clients believe to be connected that are not.
--
-- A connection whose handshake is complete waits in the accept queue until the server calls accept.  A backlog of 4
-- has room for five (Linux: one more than asked for).  While the queue is full SYNs are dropped, so that clients try
-- again after 1, 2, 3 s.  Some had their SYN-ACK just before: their ACK finds no room.
--
-- net.ipv4.tcp_abort_on_overflow = 0: the ACK is ignored.  The client is connected, sends its request, and has no
-- answer; at the server its connection is half open still and takes a place in the SYN queue, too.  The server repeats
-- the SYN-ACK and the client its data, until there is room: a burst is got over without an error.
-- 1: it is reset, and the client knows at once.
--
-- Look at
--   ignore.pcap   client-5 and -6 (the sixth and the seventh): SYN, SYN-ACK, ACK, and data that is not acknowledged;
--                 SYN-ACKs after a second; those who came later send only SYNs
--   reset.pcap    the same two get a RST for their ACK
--   clients.png   when each was connected, and when it had its answer or an error
--   queues.png    the queues of the patient server
--
-- tags: lab tcp sockets backlog
-- needs: tcp
local net = weft.network()
local rtt, clients, backlog, first, every = 50e-3, 20, 4, 1, 20e-3
local cases = { { name = "ignore", abort = 0 }, { name = "reset", abort = 1 } }

for _, case in ipairs(cases) do
  local server = net:host("server-" .. case.name,
                          { sysctl = { ["net.ipv4.tcp_abort_on_overflow"] = case.abort } })
  local host = net:host("clients-" .. case.name)
  case.server = server
  net:link(host, server, { rate = "100Mbps", delay = rtt / 2 }):capture { name = case.name }
  host:ping(server, { name = "ping-" .. case.name, count = 1 }) -- for ARP
  local listener
  server:spawn(function()
    listener = server:listen(80, { backlog = backlog })
    sleep("2s")
    while true do
      local s = listener:accept()
      s:recv()
      s:send("answer")
      s:close()
      sleep("500ms")
    end
  end)
  case.connected, case.answered, case.error, case.failed = {}, {}, {}, {}
  for i = 0, clients - 1 do
    host:spawn(function()
      sleep(first + i * every)
      local s = host:connect(server, 80)
      case.connected[i] = now()
      s:send("request")
      local answer, problem = s:recv()
      if answer then case.answered[i] = now() else case.error[i], case.failed[i] = problem, now() end
      s:close()
    end)
  end
  case.at, case.waiting, case.half_open = {}, {}, {}
  net:every("20ms", function()
    case.at[#case.at + 1] = now()
    case.waiting[#case.waiting + 1] = listener and listener.waiting or 0
    case.half_open[#case.half_open + 1] = listener and listener.half_open or 0
  end, { stop = "13s" })
  net:at("1.9s", function() case.then_waiting, case.then_half_open = listener.waiting, listener.half_open end)
end
net:run("60s")

local ignore, reset = table.unpack(cases)
local points = { style = "scatter", name = "clients", x_label = "client",
                 title = "A client each 20 ms from 1 s on; from 2 s on one is served each 500 ms" }
local function add(name, times)
  local x, y = {}, {}
  for i = 0, clients - 1 do if times[i] then x[#x + 1], y[#y + 1] = i, times[i] end end
  points[#points + 1] = { name = name, x = x, y = y, unit = "s", label = "time" }
end
add("ignore: connected", ignore.connected)
add("ignore: answer", ignore.answered)
add("reset: answer", reset.answered)
add("reset: error", reset.failed)
weft.plot(points)
weft.plot { { name = "accept queue", x = ignore.at, y = ignore.waiting, unit = "", label = "connections" },
            { name = "SYN queue", x = ignore.at, y = ignore.half_open, unit = "", label = "connections" },
            style = "steps", name = "queues", x_label = "time", x_unit = "s", title = "Backlog 4: five may wait" }

local function count(t)
  local n = 0
  for _ in pairs(t) do n = n + 1 end
  return n
end
-- Client k's SYN arrives at k x 20 ms, its ACK one round trip later.  The queue is full with the ACK of client 4, 130 ms
-- after the first SYN; by then clients 5 and 6 had their SYN-ACK.
for i = 0, 6 do
  expect.near(ignore.connected[i], first + i * every + rtt, "1ms", "client " .. i .. " believes to be connected")
  expect.near(reset.connected[i], first + i * every + rtt, "1ms")
end
for i = 7, clients - 1 do expect.above(ignore.connected[i], first + i * every + 0.9, "client " .. i .. " tries again") end
expect.equal(ignore.then_waiting, backlog + 1)
expect.equal(ignore.then_half_open, 2, "both are half open at the server")
expect.equal(reset.then_waiting, backlog + 1)
expect.equal(reset.then_half_open, 0)
-- Everybody gets an answer of the patient server, in the end; the other one has thrown some out.
expect.equal(count(ignore.answered), clients)
expect.equal(count(ignore.error), 0)
for _, i in ipairs { 5, 6 } do
  expect.equal(reset.error[i], "ECONNRESET", "client " .. i)
  expect.near(reset.failed[i], first + i * every + 2 * rtt, "1ms", "one round trip after its ACK")
end
expect.equal(reset.server:counters().TcpExtEmbryonicRsts, count(reset.error))
expect.equal(ignore.server:counters().TcpExtEmbryonicRsts, 0)
expect.above(ignore.server:counters().TcpExtListenOverflows, clients - 7, "each SYN that was dropped, and two ACKs")
