-- Two ways to find out that a segment was lost, and what each costs.
--
-- Segments behind the lost one arrive, and the receiver says so ("duplicate ACKs", with SACK).  After three
-- of them the sender sends it again: fast retransmit, about a round trip after the loss, and the window is
-- halved.  If nothing behind it arrives either, only a time-out (RTO) is left: 200 ms more than the round
-- trip, and the window falls to one.
--
-- Look at
--   one.pcap       one segment is lost: "TCP Dup ACK", "TCP Fast Retransmission"
--   blackout.pcap  nothing passes for 150 ms.  After two round trips of silence Linux sends one more
--                  segment as a probe (TLP), which is lost as well; then comes the time-out, and slow
--                  start from a window of one
--   tail.pcap      the last three segments are lost and nothing follows that could tell; but the probe
--                  passes, its duplicate ACK tells of the others, and no time-out is needed
--   windows.png    the windows of the first two, and what has been delivered: "one" hardly stops
--
-- tags: lab tcp loss recovery
-- needs: tcp
local net = weft.network()
local delay, rate, lost_seq, bytes = 20e-3, 1e9, 1 + 40 * 1448, 400 * 1448

-- A flow between two hosts of its own, which loses what `lose(p, c)` says of data.  Notes when each first byte
-- was sent, and what was sent again.
local function connect(name, lose)
  local s, d = net:host("s-" .. name), net:host("d-" .. name)
  local link = net:link(s, d, { rate = rate, delay = delay })
  link:capture { name = name }
  local c = { sent = {}, again = {} }
  link:set { loss = { ab = function(p)
    if not p.tcp or p.tcp.len == 0 then return false end
    local seq = p.tcp.seq
    if c.sent[seq] then c.again[#c.again + 1] = { seq = seq, time = p.time } else c.sent[seq] = p.time end
    return lose(p, c)
  end } }
  c.flow = net:tcp { name = name, from = s, to = d, cc = "reno", bytes = bytes }
  c.flow:record("delivered")
  return c
end

local one = connect("one", function(p) return p.tcp.seq == lost_seq and p.transmission == 1 end)
local blackout = connect("blackout", function(p, c)
  return p.tcp.seq >= lost_seq and p.time < (c.sent[lost_seq] or p.time) + 0.15
end)
local tail = connect("tail", function(p) return p.tcp.seq > bytes - 3 * 1448 and p.transmission == 1 end)
for _, c in ipairs { one, blackout } do c.flow:record("cwnd", "ssthresh") end
net:plot { "cwnd", "delivered", name = "windows" }
net:run { stop_when = "flows done", max = "10s" }

local rtt = 2 * delay -- the rest is small: 12 us for a segment, some of which wait for each other

-- RFC 5681 3.2, RFC 6675: sent again when three segments behind it are known to have arrived.
expect.equal(one.again[1].seq, lost_seq)
expect.near(one.again[1].time - one.sent[lost_seq], rtt, "1ms", "fast retransmit takes a round trip")
expect.equal(one.flow.retransmits, 1, "what was lost is sent again, nothing else")
expect.equal(one.flow.timeouts, 0)

-- RFC 8985 7.2: the probe after two round trips without an ACK; the last one came a round trip after the
-- last segment that arrived.  RFC 6298: the time-out is counted from the probe, and on Linux it is the
-- round trip and 200 ms.
local last_ack, probe = blackout.sent[lost_seq - 1448] + rtt, nil
for _, time in pairs(blackout.sent) do
  if time > last_ack + rtt and time < blackout.again[1].time then probe = time end
end
expect.near(probe - last_ack, 2 * rtt, "5ms", "the probe")
expect.equal(blackout.again[1].seq, lost_seq)
expect.near(blackout.again[1].time - probe, rtt + 0.2, "5ms", "the time-out")
expect.equal(blackout.flow.timeouts, 1)

-- The probe is the last segment itself, as there is nothing new to send.  The others follow its ACK, after
-- at most a quarter of a round trip in which they might still arrive (RACK's reordering window).
expect.equal(tail.again[1].seq, 1 + bytes - 1448)
expect.near(tail.again[1].time - tail.sent[1 + bytes - 1448], 3 * rtt, "5ms", "two round trips after the last ACK")
expect.between(tail.again[2].time - tail.again[1].time, rtt, 1.25 * rtt + 1e-3, "the others")
expect.equal(tail.flow.timeouts, 0)

-- RFC 5681, equation 4 and 3.1: half of the window, or one segment and slow start up to that half.  Until then
-- it grew in slow start.
local function around(c, time)
  local cwnd = c.flow:series("cwnd")
  return cwnd:max { between = { 0, time } } // 2, cwnd:min { between = { time, time + 0.5 } },
         c.flow:series("ssthresh"):at(time + 1e-3)
end
local half, least, ssthresh = around(one, one.again[1].time)
expect.equal(ssthresh, half, "one: the threshold")
expect.equal(least, half, "one: the least window after the loss")
half, least, ssthresh = around(blackout, blackout.again[1].time)
expect.equal(ssthresh, half, "blackout: the threshold")
expect.equal(least, 1, "blackout: the least window after the loss")
