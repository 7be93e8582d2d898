-- What the sender learns of a full queue.  The host's own discipline (iface.queue, tc(8)) tells TCP that it has refused a
-- segment: nothing is lost and nothing sent again, and the window is halved.  A queue that the scenario gives to the link
-- stands for a buffer in the network, which drops without a word.
--
-- Linux 6.18, Reno over 10 Mbit/s of tbf in front of a pfifo with room for two super-segments, 6 s: one flow, 290 and 362
-- segments refused, no retransmission, no time-out, the line full, windows of 2 to 13; eight flows, 180 and 266
-- refused, none sent again, 91 and 96 % of the line's rate: who has nothing in flight waits half a second.
--
-- tags: regression tcp qdisc
-- needs: tcp
local function run(name, n, own, buffer)
  local net = weft.network { name = name }
  local a, b = net:host("a"), net:host("b")
  local link = net:link(a, b, { rate = "10Mbps", delay = "10us", queue = buffer })
  if own then link:at(a).queue = own end
  b:spawn(function()
    local l = b:listen(80)
    while true do
      b:spawn(function(s) while s:recv(1e6) do end end, l:accept())
    end
  end)
  local windows = {}
  for i = 1, n do
    a:spawn(function()
      sleep(0.1 * i) -- handshakes need room, too
      local s = assert(a:connect(b, 80, { sockopt = { TCP_CONGESTION = "reno" } }))
      sleep(1 - now() + 0.001 * i)
      local data = ("x"):rep(64 * 1024)
      while now() < 7 do
        s:send(data)
        if now() > 3 then windows[#windows + 1] = s:sockopt("TCP_INFO").tcpi_snd_cwnd end
      end
    end)
  end
  net:run("7s")
  local counters = a:counters()
  return { drops = link.drops, again = counters.TcpRetransSegs, timeouts = counters.TcpExtTCPTimeouts,
           utilisation = link:stats { between = { "1s", "7s" } }.utilisation, cwnd = math.max(table.unpack(windows)) }
end

for _, n in ipairs { 1, 8 } do
  local r = run("own-" .. n, n, "pfifo limit 1")
  expect.above(r.drops, 20, n .. " flows: segments are refused")
  expect.equal(r.again, 0, n .. " flows: and never sent twice")
  expect.equal(r.timeouts, 0)
  expect.above(r.utilisation, n == 1 and 0.95 or 0.85)
  expect.below(r.cwnd, 16, "the window is as small as the queue")
end
local r = run("buffer", 1, nil, "pfifo limit 2")
expect.above(r.drops, 20)
expect.above(r.again, 20, "what a buffer in the network drops is lost")

-- udp(7), ip(7): a datagram that is refused is an error for a sender that asks with IP_RECVERR, and else only counted.
local net = weft.network { name = "datagrams" }
local a, b = net:host("a"), net:host("b")
net:link(a, b, { rate = "1Mbps" }):at(a).queue = "pfifo limit 2"
local failed = { [0] = 0, 0 }
a:spawn(function()
  for asked = 0, 1 do
    sleep("1s")
    local s = a:connect(b, 9, { proto = "udp", sockopt = { IP_RECVERR = asked } })
    s:send("") -- the answer to ARP comes first
    sleep("1s")
    s:sockopt("SO_ERROR")
    for _ = 1, 5 do
      local ok, err = s:send(("x"):rep(1000))
      if not ok then
        expect.equal(err, "ENOBUFS")
        failed[asked] = failed[asked] + 1
      end
    end
  end
end)
net:run("4s")
-- One of five leaves, two wait.
expect.equal(failed[0], 0)
expect.equal(failed[1], 2)
expect.equal(a:counters().UdpSndbufErrors, 4)
expect.equal(a:counters().IpOutDiscards, 4)
