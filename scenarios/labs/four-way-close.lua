-- How a TCP connection ends, and what TIME_WAIT is good for.
--
-- Each direction is closed on its own: a FIN says "no more data from me", and the other side acknowledges
-- it.  That makes four segments: FIN, ACK, FIN, ACK.  A server that closes while its ACK still waits
-- (a delayed ACK) sends both in one segment, and three are enough.
--
-- Look at
--   four.pcap      the server reads only half a second after the client has closed: FIN, ACK, a pause
--                  with the connection half closed, FIN, ACK
--   three.pcap     a request, a response, and both close: FIN, FIN-ACK, ACK
--   lost-ack.pcap  the last ACK is lost, so the server sends its FIN again; the client, in TIME_WAIT,
--                  can still answer.  Had it forgotten the connection, its answer would be a reset.
--   closing.png    both sides' states in four.pcap; who closes first ends in TIME_WAIT, for 60 s
--
-- tags: lab tcp close
-- needs: tcp rpc
local net = weft.network()
local delay, begin, pause = 25e-3, 1, 0.5

-- A client and a server of their own; `segments` are those from the first FIN on, and the one with the
-- number `lose` is lost.
local function pair(name, lose)
  local c = { client = net:host("client-" .. name), server = net:host("server-" .. name), segments = {} }
  local link = net:link(c.client, c.server, { rate = "100Mbps", delay = delay })
  link:capture { name = name }
  c.client:ping(c.server, { name = "ping-" .. name, count = 1 }) -- ARP is done when the connection begins
  local function watch(from)
    return function(p)
      if not p.tcp or not (p.tcp.flags.fin or c.segments[1]) then return false end
      c.port = c.port or (from == "client" and p.tcp.srcport or p.tcp.dstport)
      c.segments[#c.segments + 1] = { kind = from .. (p.tcp.flags.fin and " FIN" or "") .. " ACK", time = p.time,
                                      fin = p.tcp.seq + p.tcp.len, ack = p.tcp.ack }
      return #c.segments == lose
    end
  end
  link:set { loss = { ab = watch("client"), ba = watch("server") } }
  return c
end

local four, three, lost = pair("four"), pair("three"), pair("lost-ack", 3)
local bulk = net:tcp { name = "four", from = four.client, to = four.server, bytes = 1000, start = begin,
                       read_start = begin + pause }
for name, c in pairs { three = three, ["lost-ack"] = lost } do
  net:rpc { name = name, from = c.client, to = c.server, request = 300, response = 1000, count = 1, start = begin }
end
bulk:record("state", "receiver_state")
net:plot { "state", "receiver_state", between = { 0.95, 1.65 }, name = "closing" }

-- A port of a connection in TIME_WAIT cannot be bound.
local taken = {}
three.client:spawn(function()
  for _, pause in ipairs { 60, 2 } do
    sleep(pause)
    local listener, why = three.client:listen(three.port)
    if listener then listener:close() end
    taken[#taken + 1] = why or "free"
  end
end)
net:run("65s")

local function expect_segments(c, name, ...)
  for i, want in ipairs { ... } do
    expect.equal(c.segments[i] and c.segments[i].kind, want, name .. ": segment " .. i)
  end
  expect.equal(#c.segments, select("#", ...), name .. ": segments from the first FIN on")
end

expect_segments(four, "four", "client FIN ACK", "server ACK", "server FIN ACK", "client ACK")
expect_segments(three, "three", "client FIN ACK", "server FIN ACK", "client ACK")
expect_segments(lost, "lost-ack", "client FIN ACK", "server FIN ACK", "client ACK", "server FIN ACK", "client ACK")

-- SYN and FIN count as one byte each (RFC 9293 3.4).
expect.equal(four.segments[1].fin, 1 + 1000, "the client's FIN comes after 1000 bytes")
expect.equal(four.segments[2].ack, 1 + 1000 + 1, "and is acknowledged as one byte more")
expect.equal(three.segments[3].ack, 1 + 1000 + 1, "and so is the server's, after its response")
expect.near(four.segments[3].time, begin + pause, "1ms", "the server closes when it has read")

-- The server waits for the ACK of its FIN a time-out long: on Linux the round trip and 200 ms.
expect.near(lost.segments[4].time - lost.segments[2].time, 2 * delay + 0.2, "5ms", "when the FIN is sent again")

-- Linux keeps TIME_WAIT for 60 s; the connection ended between 1.1 and 1.3 s.
expect.equal(taken[1], "EADDRINUSE", "58.8 s later the client still knows the connection")
expect.equal(taken[2], "free", "60.8 s later it does not")
expect.equal(three.client:counters().TcpExtTW, 1)
