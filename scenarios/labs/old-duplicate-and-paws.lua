-- A segment of an old connection arrives in a new one.
--
-- A client sends "old" bytes, resets its connection, and opens a new one from the same port, over which it sends "new"
-- bytes.  One old segment has taken a detour and arrives in the middle of the new connection.  Initial sequence
-- numbers rise by 250,000 a second (RFC 9293 3.4.1); a connection that sends faster than that uses numbers that the
-- next one will use as well.  So the old segment fits into the new window, and only its timestamp shows its age:
--   without timestamps     the server takes it, and what should be there is thrown away (but what the new segment that
--                          ends within it brings: of two, Linux reads that which is in order first)
--   with timestamps        it is older than what came before, and dropped (PAWS, RFC 7323 5)
--   a silent server        drops it, too: it acknowledges what this connection never sent (RFC 5961 5).  So here the
--                          server has said something first, more than its numbers rise from one connection to the next
--   an orderly close       leaves the port in TIME_WAIT, so that there is no new connection so soon
-- (On a fast link the same can happen in one connection, when its numbers wrap: hence the name of PAWS.)
--
-- Look at
--   sequence.png            the old segment among the new ones
--   no-timestamps.pcap, paws.pcap   at the server; the first SACKs the old segment, the second
--                           answers it with an ACK and forgets it (RFC 7323 5.3)
--
-- tags: lab tcp paws timestamps time-wait
-- needs: tcp
local rate, rtt, detour = 100e6, 20e-3, 0.5
local size, old_bytes, new_bytes, greeting = 1000, 400e3, 400e3, 60000

local function run(name, timestamps, greets, orderly)
  local net = weft.network { name = name }
  local sysctl = { ["net.ipv4.tcp_timestamps"] = timestamps }
  local client, server = net:host("client", { sysctl = sysctl }), net:host("server", { sysctl = sysctl })
  local r1, r2, r3 = net:router("r1"), net:router("r2"), net:router("r3")
  net:link(client, r1, { rate = rate })
  local short = net:link(r1, r2, { rate = rate, delay = rtt / 2 })
  local long = net:link(r1, r3, { rate = rate, delay = detour })
  net:link(r3, r2, { rate = rate })
  local last = net:link(r2, server, { rate = rate })
  net:autoroute("live")                           -- by the long way while the short one is down
  r1:arp(long:at(r3).ip, long:at(r3).mac)         -- a question would take longer than ARP waits
  for _, side in ipairs { { r1, r2 }, { r2, r1 } } do -- and a cut would have them ask on the short way again
    side[1]:arp(short:at(side[2]).ip, short:at(side[2]).mac)
  end
  last:at(server):capture { name = name, snaplen = 96 }
  local r = { isn = {}, began = {}, old = { time = {}, seq = {} }, new = { time = {}, seq = {} }, late = { time = {}, seq = {} } }
  last:set { loss = { ab = function(p)
    if not p.tcp then return false end
    if p.tcp.flags.syn then r.isn[#r.isn + 1] = p.tcp.seq_raw end
    local seq = (p.tcp.seq_raw - r.isn[1]) & 0xffffffff
    local list = not r.isn[2] and r.old or p.time > detour and p.tcp.len == size and r.late or r.new
    if p.tcp.len > 0 then list.time[#list.time + 1], list.seq[#list.seq + 1] = p.time, seq end
    return false
  end } }
  server:spawn(function()
    local l = server:listen(80)
    for i = 1, 2 do
      local s, all = l:accept(), {}
      if greets then s:send(string.rep("g", greeting)) end
      for data in function() return s:recv() end do all[#all + 1] = data end
      r[i] = table.concat(all)
      s:close()
    end
  end)
  client:spawn(function()
    r.began[1] = now()
    local s = client:connect(server, 80, { sport = 5000 })
    if greets then s:recv(greeting, { all = true }) end
    s:send(string.rep("o", math.tointeger(old_bytes)))
    while s:ioctl("SIOCOUTQ") > 0 do sleep("1ms") end
    short:down()
    s:send(string.rep("o", size)) -- this one takes the detour
    sleep("5ms")
    short:up()
    if not orderly then s:sockopt("SO_LINGER", 0) end
    s:close()
    sleep("30ms")
    r.began[2] = now()
    local again, problem = client:connect(server, 80, { sport = 5000 })
    r.problem = problem
    if not again then return end
    if greets then again:recv(greeting, { all = true }) end
    again:send(string.rep("n", 200000))
    sleep(detour + 0.5)
    again:send(string.rep("n", math.tointeger(new_bytes) - 200000))
    again:close()
  end)
  net:run("5s")
  r.counters = server:counters()
  return r
end
local plain, paws = run("no-timestamps", 0, true), run("paws", 1, true)
local silent, orderly = run("silent", 0, false), run("time-wait", 1, true, true)

local function points(name, list) return { name = name, x = list.time, y = list.seq, unit = "B", label = "sequence number" } end
weft.plot { points("old connection", plain.old), points("new connection", plain.new), points("old segment, late", plain.late),
            style = "scatter", name = "sequence", x_label = "time", x_unit = "s",
            title = "The late segment has a number that the new connection is about to use" }

-- Where the old segment lies follows from how much the first connection sent and how late the second one began.  The new
-- segment that reaches across its beginning, one of 1460 bytes from 200,000 on, is in order before it.
local place = old_bytes - ((plain.isn[2] - plain.isn[1]) & 0xffffffff)
local covered = -(place - 200000) % 1460

local rows = { name = "second connection", columns = { "", "bytes read", "of them old", "dropped by PAWS" }, units = { "", "B", "B", "" } }
for i, r in ipairs { plain, paws, silent } do
  local name = ({ "no timestamps", "timestamps", "silent server" })[i]
  local olds = select(2, r[2]:gsub("o", ""))
  rows[i] = { name, #r[2], olds, r.counters.TcpExtPAWSEstab }
  expect.equal(r.problem, nil, "after a reset the port is free")
  expect.equal(#r[1], old_bytes, name .. ": the reset has thrown the last segment away")
  expect.equal(#r[2], new_bytes, name)
  -- 4 us a step: 250,000 a second from one SYN to the next (RFC 9293 3.4.1).
  expect.near((r.isn[2] - r.isn[1]) & 0xffffffff, (r.began[2] - r.began[1]) / 4e-6, 1, name .. ": initial numbers")
  expect.equal(olds, i == 1 and size - covered or 0, name .. ": old bytes in the new stream")
  expect.equal(r.counters.TcpExtPAWSEstab, i == 2 and 1 or 0, name .. ": dropped by PAWS")
end
weft.table(rows)
expect.equal((plain[2]:find("o") or 0) - 1, place + covered, "their place")
expect.equal(orderly.problem, "EADDRINUSE", "TIME_WAIT keeps the port")
expect.equal(#orderly[1], old_bytes + size, "and everything arrives")
