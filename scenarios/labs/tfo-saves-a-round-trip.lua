-- TCP Fast Open: a request in the SYN saves a round trip, from the second connection on (RFC 7413).
--
-- Usually a client sends its request when the handshake is complete, so the answer comes after two round
-- trips.  With Fast Open the server gives a client a cookie on its first connection; with that cookie the next
-- SYN may carry data, which the server hands to the application at once: one round trip.  A server that
-- does not know Fast Open acknowledges only the SYN, and the data are sent again behind the handshake: two.
--
-- Look at
--   answers.png    when the answer had come
--   fast.pcap      first connection: an empty cookie in the SYN, the server's cookie in the SYN-ACK, as
--                  "Fast Open Cookie"; then SYNs with cookie and 100 bytes of data
--   deaf.pcap      the server has net.ipv4.tcp_fastopen = 1 (clients only): no cookie ever comes
--   lost.pcap      SYNs with data are lost on the way, as some firewalls do: the SYN that is sent again after a
--                  second carries neither data nor cookie
--
-- tags: lab tcp tfo sockets
-- needs: tcp
local net = weft.network()
local rtt, connections = 100e-3, 4
local cases = {
  { name = "plain", what = "no Fast Open", server = 3 },
  { name = "fast", what = "Fast Open", server = 3, fastopen = true },
  { name = "deaf", what = "server without it", server = 1, fastopen = true },
  { name = "lost", what = "SYN with data lost", server = 3, fastopen = true, firewall = true },
}
for _, case in ipairs(cases) do
  local tfo = "net.ipv4.tcp_fastopen" -- 1: as a client, 2: as a server
  local client = net:host("client-" .. case.name, { sysctl = { [tfo] = 1 } })
  local server = net:host("server-" .. case.name, { sysctl = { [tfo] = case.server } })
  local link = net:link(client, server, { rate = "1Gbps", delay = rtt / 2 })
  link:capture { name = case.name }
  case.number, case.took, case.in_syn = {}, {}, {}
  link:set { loss = { ab = function(p)
    local with_data = p.tcp and p.tcp.flags.syn and p.tcp.len > 0
    if with_data then case.in_syn[#case.in_syn + 1] = p.tcp.len end
    return with_data and case.firewall
  end } }
  client:ping(server, { name = "arp-" .. case.name, count = 1 })
  server:spawn(function()
    local l = server:listen(80, { sockopt = { TCP_FASTOPEN = 16 } })
    while true do
      local s = l:accept()
      s:recv()
      s:send(string.rep("a", 100))
      s:close()
    end
  end)
  client:spawn(function()
    sleep("1s")
    for i = 1, connections do
      local start, s = now(), nil
      if case.fastopen then
        s = client:socket("tcp")
        s:send(string.rep("q", 100), { fastopen = true, to = server, port = 80 })
      else
        s = client:connect(server, 80)
        s:send(string.rep("q", 100))
      end
      s:recv()
      case.number[i], case.took[i] = i, now() - start
      s:close()
      sleep("2s")
    end
  end)
end
net:run("30s")

local names, first, later = {}, {}, {}
for i, case in ipairs(cases) do names[i], first[i], later[i] = case.what, case.took[1], case.took[connections] end
local function bars(name, values) return { name = name, x = names, y = values, unit = "s", label = "time until the answer" } end
weft.plot { bars("first connection", first), bars("later connections", later), name = "answers", x_label = "",
            title = "Fast Open: one round trip of 100 ms instead of two, once there is a cookie" }

local plain, fast, deaf, lost = table.unpack(cases)
for i = 1, connections do
  -- The rest is less than 10 us: packets of at most 210 bytes at 1 Gbit/s.
  expect.near(plain.took[i], 2 * rtt, "0.1ms", "handshake, then request and answer")
  expect.near(deaf.took[i], 2 * rtt, "0.1ms", "the server knows no Fast Open")
  expect.near(fast.took[i], i == 1 and 2 * rtt or rtt, "0.1ms", "connection " .. i)
  -- RFC 6298: the first time-out of a SYN is a second.
  expect.near(lost.took[i], i == 1 and 2 * rtt or 1 + 2 * rtt, "0.1ms", "connection " .. i .. ", SYN with data lost")
end
expect.equal(#plain.in_syn, 0)
expect.equal(#deaf.in_syn, 0, "no cookie, no data in the SYN")
expect.equal(#fast.in_syn, connections - 1, "all but the first")
for _, bytes in ipairs(fast.in_syn) do expect.equal(bytes, 100, "the whole request is in the SYN") end
