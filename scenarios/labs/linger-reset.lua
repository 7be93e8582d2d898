-- Three ways to close, and what the other side gets.
--
-- A client has just sent 200 kB when it closes its socket.  As usual, the kernel goes on sending, and the
-- server reads everything and then the end of the stream; the client's port stays in TIME_WAIT for 60 s.
-- With SO_LINGER 0 close throws away what was not sent and resets the connection: the server loses data
-- and gets ECONNRESET, and no TIME_WAIT stays behind.  Data that the closer itself has not read has the
-- same effect (RFC 2525, 2.17), even though nobody asked for a reset.
--
-- Look at
--   orderly.pcap   FIN after the last byte
--   linger.pcap    a RST in the middle
--   unread.pcap    a RST because of five bytes that the client never read
--   read.png       what the server has read over time
--
-- tags: lab tcp close sockets
-- needs: tcp
local net = weft.network()
local rate, delay, bytes = 10e6, 10e-3, 200000
local result = {}

local function run(name, before_close)
  local client, server = net:host("client-" .. name), net:host("server-" .. name)
  net:link(client, server, { rate = rate, delay = delay, queue = "1000pkts" }):capture { name = name }
  local r = { read = 0, times = { 0 }, totals = { 0 } }
  result[name] = r
  server:spawn(function()
    local l = server:listen(80)
    local s = l:accept()
    s:send("hello")
    local data, problem
    repeat
      data, problem = s:recv()
      r.read = r.read + #(data or "")
      r.times[#r.times + 1], r.totals[#r.totals + 1] = now(), r.read
    until not data
    r.error = problem
    if problem then r.after = select(2, s:send("x")) end
    s:close()
    r.again = l:accept()
  end)
  client:spawn(function()
    local s = client:connect(server, 80, { sport = 5000 })
    if name ~= "unread" then s:recv(5, { all = true }) else sleep("30ms") end
    s:send(string.rep("x", bytes))
    before_close(s)
    s:close()
    -- May the same port be used again, ten seconds later?
    sleep("10s")
    r.reuse = select(2, client:connect(server, 80, { sport = 5000 })) or "free"
  end)
end

run("orderly", function() end)
run("linger", function(s) s:sockopt("SO_LINGER", 0) end)
run("unread", function() end)
net:run("20s")

local lines = {}
for i, name in ipairs { "orderly", "linger", "unread" } do
  lines[i] = { name = name, x = result[name].times, y = result[name].totals, unit = "B", label = "read" }
  print(("%-8s read %6d bytes, then %s; the port is %s"):format(name, result[name].read,
    result[name].error or "the end", result[name].reuse))
end
lines.style, lines.name, lines.x_label, lines.x_unit = "steps", "read", "time", "s"
lines.title = "A reset throws away what was still to be sent"
weft.plot(lines)

expect.equal(result.orderly.read, bytes)
expect.equal(result.orderly.error, nil)
-- A port that TIME_WAIT still holds cannot be bound (ip(7)) ...
expect.equal(result.orderly.reuse, "EADDRINUSE")
for _, name in ipairs { "linger", "unread" } do
  local r = result[name]
  expect.below(r.read, bytes, name .. ": data is lost")
  expect.equal(r.error, "ECONNRESET", name)
  expect.equal(r.after, "EPIPE", name .. ": and nothing can be sent any more")
  expect.equal(r.reuse, "free", name .. ": ... but a reset leaves nothing behind")
  expect(r.again)
end
