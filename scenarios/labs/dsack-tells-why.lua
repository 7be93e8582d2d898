-- Something was sent again.  Was it necessary, and what had happened?
--
-- A sender cannot see losses, only that ACKs do not come.  A receiver that gets data it has already says so in a
-- duplicate SACK (DSACK, RFC 2883): a first block that is below the ACK number.  With it the sender can tell
--   data lost     what was sent again was missing: no DSACK.  To halve the window was right
--   ACKs lost     the data were there, only the ACKs were lost: the first ACK after the retransmission
--                 carries the DSACK, and acknowledges everything at once
--   data late     the path was slow: first come the ACKs of what was sent before, then the DSACK
-- In the last two cases there was no congestion, and Linux undoes what it did to the window (RFC 3708).
--
-- Look at
--   sequences.png   sequence numbers over time, as the sender sees them
--   data-lost.pcap, acks-lost.pcap, data-late.pcap   in the last two Wireshark says "D-SACK Sequence"
--
-- tags: lab tcp sack dsack recovery
-- needs: tcp
local net = weft.network()
local rate, rtt, event = 20e6, 40e-3, 1
local cases = { "data-lost", "acks-lost", "data-late" }
local traces, flows = {}, {}
for _, name in ipairs(cases) do
  local s, d = net:host("s-" .. name), net:host("d-" .. name)
  local link = net:link(s, d, { rate = rate, delay = rtt / 2 })
  link:capture { name = name, between = { event - 0.1, event + 0.9 }, snaplen = 96 }
  local t = { sent = {}, again = {}, acks = {}, dsacks = {}, lost = 0 }
  traces[name] = t
  link:set { loss = {
    ab = function(p)
      if not p.tcp or p.tcp.len == 0 then return false end
      local list = p.transmission == 1 and t.sent or t.again
      list[#list + 1] = { time = p.time, seq = p.tcp.seq }
      if name == "data-lost" and p.time > event and t.lost == 0 then t.lost = 1 return true end
    end,
    ba = function(p)
      if not p.tcp then return false end
      if name == "acks-lost" and p.time > event and p.time < event + 0.3 then t.lost = t.lost + 1 return true end
      local le, time = p.tcp.options.sack_le, p.time + rtt / 2 -- when the sender gets it
      t.acks[#t.acks + 1] = { time = time, seq = p.tcp.ack }
      if le and le < p.tcp.ack then t.dsacks[#t.dsacks + 1] = { time = time, seq = le } end
    end,
  } }
  if name == "data-late" then
    net:at(event, function() link.ab:set { delay = rtt / 2 + 0.4 } end)
    net:at(event + 0.05, function() link.ab:set { delay = rtt / 2 } end) -- what is late is not overtaken
  end
  flows[name] = net:tcp { name = name, from = s, to = d, cc = "reno", bytes = "4MB", sockopt = { SO_RCVBUF = "64KiB" } }
  flows[name]:record("cwnd")
end
net:run { stop_when = "flows done", max = "20s" }

-- What a sender can conclude about a retransmission, from nothing but the ACKs.
local function conclude(t, again)
  local told
  for _, dsack in ipairs(t.dsacks) do
    if dsack.seq == again.seq then told = dsack.time break end
  end
  if not told then return "data-lost" end
  for _, ack in ipairs(t.acks) do
    if ack.time > again.time and ack.seq > again.seq then return ack.time < told and "data-late" or "acks-lost" end
  end
end

local lines = { style = "scatter", name = "sequences", x_label = "time", x_unit = "s",
                title = "Data lost: no DSACK.  ACKs lost: DSACK first.  Data late: ACKs first, then DSACK" }
local function line(name, what, list, style)
  local x, y, base = {}, {}, traces[name].base
  for _, item in ipairs(list) do
    if item.time > event - 0.05 and item.time < event + 0.6 then x[#x + 1], y[#y + 1] = item.time, item.seq - base end
  end
  lines[#lines + 1] = { name = what, x = x, y = y, unit = "B", label = name:gsub("-", " ") .. ": sequence", style = style }
end
for _, name in ipairs(cases) do
  local t = traces[name]
  for _, ack in ipairs(t.acks) do
    if ack.time < event - 0.05 then t.base = ack.seq end -- what is acknowledged when the plot begins
  end
  line(name, "data sent", t.sent)
  line(name, "ACK received", t.acks, "steps")
  line(name, "sent again", t.again)
  if #t.dsacks > 0 then line(name, "DSACK received", t.dsacks) end
end
weft.plot(lines)

local rows = { name = "conclusions", columns = { "", "sent again", "DSACKs", "conclusion", "window before", "after" },
               units = { "", "packets", "", "", "packets", "packets" } }
for i, name in ipairs(cases) do
  local t, f = traces[name], flows[name]
  local again = t.again[#t.again] -- of the last two: the first one is a probe (TLP)
  local before, after = f:series("cwnd"):at(event), f:series("cwnd"):at(event + 0.7)
  rows[i] = { name, #t.again, #t.dsacks, conclude(t, again), before, after }
  expect.equal(conclude(t, again), name)
  if name == "data-lost" then
    expect.equal(#t.again, 1, "what is lost is sent again, nothing else")
    expect.equal(#t.dsacks, 0)
    expect.equal(f.timeouts, 0, "a fast retransmission")
    expect.equal(after, before // 2, "Reno halves its window")
  else
    expect.equal(f.timeouts, 1, name)
    expect.equal(after, before, name .. ": the window is restored")
  end
end
weft.table(rows)

-- The ACK of what a time-out sent again comes a round trip later; 2 ms are for packets on the wire.
local lost = traces["acks-lost"]
expect.near(lost.dsacks[1].time - lost.again[2].time, rtt, "2ms", "the DSACK comes a round trip after it")
-- Two copies arrived too late, the probe's and the time-out's: each has its DSACK (RFC 2883 4).
expect.equal(#traces["data-late"].dsacks, #traces["data-late"].again)
