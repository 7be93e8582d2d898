-- A sender must not send more than the receiver has room for.
--
-- With each ACK the receiver says how many bytes it will take beyond it: its window.  An application that
-- reads slowly lets the buffer fill, and the window shrinks to nothing.  Then the sender asks from time
-- to time ("window probe"), as the message that the window is open again may get lost.
--
-- Look at
--   slow.pcap     the application reads 1 Mbit/s, a tenth of what the link can carry: the window closes
--                 soon, and from then on has room for a few segments at most
--   late.pcap     it reads nothing for two seconds: "TCP ZeroWindow", then probes (which Wireshark
--                 calls "TCP Keep-Alive") after one time-out, two, four; when it reads, a "TCP Window
--                 Update" sets the sender going at once
--   lost.pcap     the same, but the window update is lost: the sender learns of it only by its next
--                 probe.  Without probes both would wait for ever.
--   window.png    the window as the sender knows it, and the bytes delivered
--
-- tags: lab tcp window
-- needs: tcp
local net = weft.network()
local rate, delay, read_start = 10e6, 10e-3, 2
local buffer = "32KiB" -- SO_RCVBUF; Linux takes twice as much, and half of that for its own use

-- A segment with so many bytes of data behind 20 of IP, 32 of TCP with timestamps, on the wire with
-- Ethernet 14 + 4, preamble and gap 20.
local function one_way(data) return (90 + data) * 8 / rate + delay end

-- A flow between two hosts of its own.  Watches both directions and loses the first window update if
-- `lose` is set.
local function connect(name, options, lose)
  local s, d = net:host("s-" .. name), net:host("d-" .. name)
  local link = net:link(s, d, { rate = rate, delay = delay })
  link:capture { name = name }
  local c = { probes = {}, zeros = {}, beyond = 0, next = 1, edge = 0 }
  local scale
  local function to_receiver(p)
    if not p.tcp or p.tcp.flags.syn then return false end
    local first, behind = p.tcp.seq, p.tcp.seq + p.tcp.len
    if p.tcp.len == 0 and first == c.next - 1 then c.probes[#c.probes + 1] = p.time end
    if p.tcp.len > 0 and c.opened and not c.resumed then c.resumed = p.time end
    if p.tcp.len > 0 and behind > c.edge then c.beyond = c.beyond + 1 end
    c.next = math.max(c.next, behind)
    return false
  end
  local function to_sender(p)
    if not p.tcp then return false end
    if p.tcp.flags.syn then scale = 1 << p.tcp.options.wscale.shift end
    local window = p.tcp.window_size_value * (p.tcp.flags.syn and 1 or scale)
    c.edge = math.max(c.edge, p.tcp.ack + window)
    if window == 0 then c.zeros[#c.zeros + 1] = p.time end
    if window > 0 and c.zeros[1] and not c.opened then
      c.opened = p.time
      return lose
    end
    return false
  end
  link:set { loss = { ab = to_receiver, ba = to_sender } }
  options.name, options.from, options.to, options.sockopt = name, s, d, { SO_RCVBUF = buffer }
  c.flow = net:tcp(options)
  c.flow:record("rwnd", "delivered", "rto", "srtt")
  return c
end

local slow = connect("slow", { bytes = "250kB", read_rate = "1Mbps" })
local late = connect("late", { bytes = "100kB", read_start = read_start })
local lost = connect("lost", { bytes = "100kB", read_start = read_start }, true)
net:plot { "rwnd", "delivered", name = "window" }
net:run { stop_when = "flows done", max = "10s" }

for _, c in ipairs { slow, late, lost } do
  expect.equal(c.beyond, 0, c.flow.name .. ": nothing is sent beyond the window")
  expect.equal(c.flow.retransmits, 0, c.flow.name .. ": nothing is sent twice")
end

-- The slow reader sets the pace, not the link.
expect.near(slow.flow.fct, 250e3 * 8 / 1e6, "1%", "250 kB at 1 Mbit/s take 2 s")
expect.near(slow.flow:stats { between = { 0.5, 1.5 } }.goodput, "1Mbps", "3%", "what the link carries meanwhile")
expect.above(slow.flow.limited.rwnd, 0.75, "the window is the limit, except at the beginning and the end")

-- RFC 9293 3.8.6.1: the first probe after a time-out, then with exponential back-off.  The clock of each
-- begins with the ACK that closed the window, the answer to the probe before, or that probe itself if it
-- got none: Linux answers only one such segment in half a second (tcp_invalid_ratelimit).
for _, c in ipairs { late, lost } do
  local began, answer = c.zeros[1] + one_way(0), 2
  local rto = c.flow:series("rto"):at(began)
  expect.near(rto, c.flow:series("srtt"):at(began) + 0.2, "10ms",
    c.flow.name .. ": Linux's time-out is the round-trip time and 200 ms")
  for i, probe in ipairs(c.probes) do
    expect.near(probe - began, rto * 2 ^ (i - 1), "1ms", c.flow.name .. ": wait before probe " .. i)
    began = probe
    if c.zeros[answer] and c.zeros[answer] - probe < 0.1 then
      began, answer = c.zeros[answer] + one_way(0), answer + 1
    end
  end
end
expect.equal(#late.probes, 3, "probes within two seconds: after 0.2, 0.7, 1.6 s")
expect.equal(#lost.probes, 4, "one more is needed")

-- The update goes when the application reads, and data follow as soon as the sender knows.
expect.near(late.opened, read_start, "1ms", "the window opens when the application reads")
expect.near(late.resumed - late.opened, one_way(0), "1ms", "a window update sets the sender going")
expect.near(lost.resumed - lost.probes[4], 2 * one_way(0), "1ms", "or the answer to a probe")
