-- Two good ideas that wait for each other: Nagle's algorithm and the delayed ACK.
--
-- A client makes one request after another and writes each in two pieces, a header and a body.  Nagle's
-- algorithm (RFC 896) keeps the body back while the header is not acknowledged, as both are small; the server
-- delays that ACK for up to 40 ms (RFC 1122 4.2.3.2), as it cannot answer half a request.  So a request takes
--     two round trips and 40 ms    instead of    one round trip.
-- Each of these alone is a cure: TCP_NODELAY; one write instead of two, or MSG_MORE; a server that asks for
-- TCP_QUICKACK whenever it has read.
--
-- Look at
--   latency.png    the first request is quicker: Linux acknowledges at once when a connection is new, until
--                  the server's first answer shows that this is a dialogue
--   split.pcap     header, 40 ms of nothing, ACK, body, answer
--   nodelay.pcap   header and body together, and no ACK alone
--
-- tags: lab tcp nagle delayed-ack sockets
-- needs: tcp
local net = weft.network()
local rtt, requests = 20e-3, 10
local cases = {
  { name = "split",    what = "two writes" },
  { name = "nodelay",  what = "TCP_NODELAY", sockopt = { TCP_NODELAY = true } },
  { name = "more",     what = "MSG_MORE", more = true },
  { name = "quickack", what = "TCP_QUICKACK at the server", quickack = true },
}
for i, case in ipairs(cases) do
  local client, server = net:host("client-" .. case.name), net:host("server-" .. case.name)
  net:link(client, server, { rate = "1Gbps", delay = rtt / 2 }):capture { name = case.name }
  case.latency, case.number = {}, {}
  server:spawn(function()
    local s, bytes = server:listen(80):accept(), 0
    for data in function() return s:recv() end do
      bytes = bytes + #data
      if case.quickack then s:sockopt("TCP_QUICKACK", true) end
      if bytes % 200 == 0 then s:send(string.rep("a", 100)) end
    end
  end)
  client:spawn(function()
    local s = client:connect(server, 80, { sockopt = case.sockopt })
    for n = 1, requests do
      local start = now()
      s:send(string.rep("h", 100), { more = case.more })
      s:send(string.rep("b", 100))
      s:recv()
      case.number[n], case.latency[n] = n, now() - start
      sleep("100ms")
    end
  end)
end
net:run("5s")

local names, first, later = {}, {}, {}
for i, case in ipairs(cases) do
  names[i], first[i], later[i] = case.what, case.latency[1], case.latency[requests]
end
local function bars(name, values) return { name = name, x = names, y = values, unit = "s", label = "latency" } end
weft.plot { bars("first request", first), bars("later requests", later), name = "latency", x_label = "",
            title = "Nagle and delayed ACKs cost a round trip and 40 ms a request" }

-- Linux's least delay of an ACK is 40 ms.  What segments take on the wire is a few microseconds.
for n, latency in ipairs(cases[1].latency) do
  expect.near(latency, 2 * rtt + (n > 1 and 40e-3 or 0), "1ms", "request " .. n .. ", two writes")
end
for n = 2, requests do
  expect.near(cases[2].latency[n], rtt, "1ms", "request " .. n .. " with TCP_NODELAY")
  expect.near(cases[3].latency[n], rtt, "1ms", "request " .. n .. " with MSG_MORE")
  expect.near(cases[4].latency[n], 2 * rtt, "1ms", "request " .. n .. " with TCP_QUICKACK: Nagle waits, but not long")
end
