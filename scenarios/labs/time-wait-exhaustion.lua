-- A client that closes its connections first runs out of ports.
--
-- Whoever closes first keeps the connection in TIME_WAIT for 60 s, so that late segments do no harm to the next one
-- with the same four numbers (RFC 9293, 3.6.1).  A client has 28,232 ephemeral ports (net.ipv4.ip_local_port_range
-- 32768 60999): with more than 470 short connections a second to one port of one server they are used up within the
-- minute, and connect fails with EADDRNOTAVAIL.  Another port of the same server has 28,232 of its own.
--
-- net.ipv4.tcp_tw_reuse = 1 has connect take ports that have been in TIME_WAIT for a second: timestamps tell old
-- segments from new ones (RFC 6191).  The default, 2, does so for loopback only.
--
-- Look at
--   ports.png     connections over time: the rise ends when there is no port left, and goes on with reuse
--   cured.pcap    connections after tcp_tw_reuse was set, with numbers that go on behind those of the old ones
--
-- tags: lab tcp time-wait sockets
-- needs: tcp
local net = weft.network()
local client, server = net:host("client"), net:host("server")
local ports = 60999 - 32768 + 1
local gap, cure_at, after = 1 / 4000, 20, 2000
net:link(client, server, { rate = "10Gbps", delay = "20us" }):capture { name = "cured", between = { cure_at, cure_at + 0.02 } }

for _, port in ipairs { 80, 81 } do
  server:spawn(function()
    local l = server:listen(port)
    while true do
      local s = l:accept()
      s:recv() -- the end of the stream: the client has closed
      s:close()
    end
  end)
end

local opened, times, counts = 0, {}, {}
local function connect(port)
  local s, problem = client:connect(server, port)
  if s then
    s:close()
    opened = opened + 1
    if opened % 100 == 0 then times[#times + 1], counts[#counts + 1] = now(), opened end
  end
  return s ~= nil, problem
end

local full = {}
local reused = 0
client:spawn(function()
  local ok, problem
  repeat
    ok, problem = connect(80)
    sleep(gap)
  until not ok
  full = { opened = opened, at = now(), problem = problem, elsewhere = connect(81) }
  sleep(cure_at - 0.5 - now())
  full.still = select(2, connect(80))
  client:sysctl("net.ipv4.tcp_tw_reuse", 1)
  sleep(cure_at - now())
  for _ = 1, after do
    if connect(80) then reused = reused + 1 end
    sleep(gap)
  end
end)
net:run("50s")
weft.plot { { x = times, y = counts, unit = "", label = "connections so far" },
            style = "steps", name = "ports", x_label = "time", x_unit = "s", title = "28,232 ports; at 19.5 s net.ipv4.tcp_tw_reuse = 1" }

expect.equal(ports, 28232)
expect.equal(full.opened, ports, "each port once")
expect.equal(full.problem, "EADDRNOTAVAIL")
expect(full.elsewhere, "another port of the server has ports of its own")
expect.equal(full.still, "EADDRNOTAVAIL", "TIME_WAIT lasts for 60 s")
expect.equal(reused, after, "tcp_tw_reuse = 1 cures it")
expect.equal(client:counters().TcpExtTWRecycled, after)
