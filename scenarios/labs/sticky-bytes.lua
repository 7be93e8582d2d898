-- A TCP stream is bytes, not messages: reads are not the writes.
--
-- The client writes ten messages of 100 bytes, each by a send of its own.  What the server's recv returns
-- depends on the network, on Nagle's algorithm and on when the server reads, not on those borders.
-- Whoever needs borders must put them into the bytes (a length in front, here), or use datagrams.
--
-- Look at
--   sizes.png      what each call wrote, and what each call read, at once or a second later
--   at-once.pcap   the first message leaves alone; the other nine wait for its ACK (RFC 896), then
--                  leave in one segment
--
-- tags: lab tcp udp sockets
-- needs: tcp
local net = weft.network()
local client, server = net:host("client"), net:host("server")
local delay = 25e-3
local link = net:link(client, server, { rate = "100Mbps", delay = delay })
link:capture { name = "at-once", filter = "port 1001" }
client:ping(server, { name = "ping", count = 1 }) -- ARP is done when the connections begin

local messages, written, reads = {}, {}, {}
for i = 1, 10 do
  messages[i] = ("%02d"):format(i) .. string.rep("x", 98)
  written[i] = { data = messages[i] }
end

-- A server that notes what each recv returns, as `read` makes it; a client that writes all messages.
local function talk(name, port, start, read, frame)
  local got = {}
  reads[name] = got
  server:spawn(function()
    local s = server:listen(port):accept()
    for data in function() return read(s) end do got[#got + 1] = { data = data, time = now() } end
  end)
  client:spawn(function()
    sleep(start)
    local s = assert(client:connect(server, port))
    for _, m in ipairs(messages) do s:send(frame and frame(m) or m) end
    sleep("500ms") -- the end of the process closes the socket, and nothing waits before a FIN
  end)
end

talk("at once", 1001, "1s", function(s) return s:recv() end)
talk("later", 1002, "2s", function(s) sleep("1s") return s:recv() end)

-- A length of two bytes in front of each message brings the borders back.
talk("by length", 1003, "4s", function(s)
  local head = s:recv(2, { all = true })
  return head and s:recv(string.unpack(">I2", head), { all = true })
end, function(m) return string.pack(">s2", m) end)

-- Datagrams keep theirs.
local datagrams = {}
reads.udp = datagrams
server:spawn(function()
  local s = server:listen(1004, { proto = "udp" })
  for i = 1, 10 do datagrams[i] = { data = s:recv(), time = now() } end
end)
client:spawn(function()
  sleep("5s")
  local s = client:connect(server, 1004, { proto = "udp" })
  for _, m in ipairs(messages) do s:send(m) end
end)
net:run("10s")

local function sizes(name, list)
  local x, y = {}, {}
  for i, item in ipairs(list) do x[i], y[i] = i, #item.data end
  return { name = name, x = x, y = y, unit = "B", label = "size" }
end
weft.plot { sizes("written", written), sizes("read at once", reads["at once"]), sizes("read later", reads.later),
            style = "scatter", name = "sizes", x_label = "call", title = "Ten writes are not ten reads" }

local function all(list)
  local parts = {}
  for i, item in ipairs(list) do parts[i] = item.data end
  return table.concat(parts)
end
for name, list in pairs(reads) do expect(all(list) == all(written), name .. ": the bytes are the same") end
expect.equal(#reads["at once"], 2, "one message, then all others")
expect.equal(#reads["at once"][1].data, 100)
expect.equal(#reads["at once"][2].data, 900)
expect.near(reads["at once"][2].time - reads["at once"][1].time, 2 * delay, "1ms", "which waited a round trip")
expect.equal(#reads.later, 1, "a late reader gets everything at once")
expect.equal(#reads["by length"], 10)
expect.equal(#datagrams, 10)
for i, m in ipairs(messages) do
  expect(reads["by length"][i].data == m, "message " .. i)
  expect(datagrams[i].data == m, "datagram " .. i)
end
