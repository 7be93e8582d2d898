-- A SYN without an answer: when the client tries again, and when it gives up.
--
-- Nobody knows how long the path is before the first answer, so the first time-out is 1 s (RFC 6298, 2.1).  The
-- classic schedule doubles it each time: SYNs after 0, 1, 3, 7, 15, 31, 63 s (net.ipv4.tcp_syn_retries = 6), and the
-- error after 127 s.  Linux 6.5 and later begins with four more time-outs of 1 s (tcp_syn_linear_timeouts = 4), since a
-- lost SYN is more often an accident than congestion: 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 s, and the error after 131 s.
-- TCP_SYNCNT of a socket takes the place of tcp_syn_retries.
--
-- The server's SYN-ACKs have the classic schedule in any case: 0, 1, 3, 7, 15, 31 s (tcp_synack_retries = 5).
--
-- Look at
--   linear.pcap    eleven SYNs
--   classic.pcap   seven SYNs
--   three.pcap     TCP_SYNCNT 3: four more, then three
--   half.pcap      SYN-ACKs that get lost; the client's repeated SYNs bring forth some of their own
--   syns.png       when each SYN of the first two was sent
--
-- tags: lab tcp handshake sockets
-- needs: tcp
local net = weft.network()
local start = 1
local linear = "net.ipv4.tcp_syn_linear_timeouts"
local cases = {
  { name = "linear", at = { 0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67 }, gives_up = 131 },
  { name = "classic", sysctl = { [linear] = 0 }, at = { 0, 1, 3, 7, 15, 31, 63 }, gives_up = 127 },
  { name = "three", count = 3, at = { 0, 1, 2, 3, 4, 5, 7, 11 }, gives_up = 19 },
  { name = "half", at = {}, answers = { 0, 1, 3, 7, 15, 31 } },
}

for _, case in ipairs(cases) do
  local client = net:host("client-" .. case.name, { sysctl = case.sysctl })
  local server = net:host("server-" .. case.name)
  local link = net:link(client, server, { rate = "100Mbps", delay = "5ms" })
  link:capture { name = case.name }
  case.syns, case.syn_acks = {}, {}
  client:ping(server, { name = "arp-" .. case.name, count = 1 })
  -- Everything of TCP gets lost; but one SYN arrives where the SYN-ACKs are of interest.
  link:set { loss = { ab = function(p)
    if not p.tcp then return false end
    case.syns[#case.syns + 1] = p.time - start
    return not case.answers or #case.syns > 1
  end, ba = function(p)
    if not p.tcp then return false end
    case.syn_acks[#case.syn_acks + 1] = p.time - start
    return true
  end } }
  server:spawn(function() server:listen(80):accept() end)
  client:spawn(function()
    sleep(start)
    local s = client:socket("tcp")
    if case.count then s:sockopt("TCP_SYNCNT", case.count) end
    local ok, problem = s:connect(server, 80)
    case.ok, case.problem, case.gave_up = ok, problem, now() - start
  end)
end
net:run("200s")

local plot = { style = "scatter", name = "syns", x_label = "SYN number", title = "SYNs without an answer" }
for i = 1, 2 do
  local numbers = {}
  for n in ipairs(cases[i].syns) do numbers[n] = n end
  plot[i] = { name = cases[i].name, x = numbers, y = cases[i].syns, unit = "s", label = "sent after" }
end
weft.plot(plot)

for _, case in ipairs(cases) do
  if not case.answers then
    expect.equal(#case.syns, #case.at, case.name .. ": SYNs")
    for i, after in ipairs(case.at) do expect.near(case.syns[i], after, "10ms", case.name .. ": SYN " .. i) end
    expect.equal(case.problem, "ETIMEDOUT", case.name)
    expect.near(case.gave_up, case.gives_up, "10ms", case.name .. ": the error")
  else
    expect.equal(#case.syn_acks, #case.answers)
    for i, after in ipairs(case.answers) do expect.near(case.syn_acks[i], after, "10ms", "SYN-ACK " .. i) end
  end
end
