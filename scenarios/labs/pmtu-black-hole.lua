-- A tunnel on the way takes 1400 bytes, and somebody filters ICMP: small packets pass, large ones vanish without a word.
--
-- TCP sends with DF set, as large as both hosts' links allow.  The router in front of the narrow link drops such packets
-- and says so (ICMP "fragmentation needed", with the MTU: RFC 1191), and the sender cuts smaller ones.  If a firewall eats
-- that message the path is a black hole (RFC 2923 2.1): the connection is open, requests pass, the first full segment never
-- arrives, no matter how often it is sent.  Cures:
--   net.ipv4.tcp_mtu_probing = 1  Linux suspects a black hole when time-outs have gone on for as long as four from 200 ms on
--                                 would take, (2^4 - 1) x 200 ms = 3 s after the first one.  It goes on with segments of
--                                 net.ipv4.tcp_base_mss = 1024, and then tries larger ones, by halves (RFC 4821 7)
--   TCP_MAXSEG (MSS clamping)     never sends what does not fit, but somebody must know the MTU
--
-- Look at
--   delivered.png    who gets through, and when
--   sizes.png        what the sender with probing tries, and what comes out of the narrow link
--   filtered.pcap    the same segment, again and again; the handshake in front of it was small
--   probing.pcap     the fifth sending is shorter.  A probe that is too large is lost alone and mended by SACK
--   icmp.pcap        one ICMP message at the beginning, and nothing lost but the first window
--
-- tags: lab tcp pmtu mtu-probe icmp
-- needs: tcp
local net = weft.network()
local mtu, rtt, bytes = 1400, 30e-3, 1e6
local cases = {
  { name = "icmp" }, { name = "filtered", filter = true }, { name = "probing", filter = true, probing = 1 },
  { name = "clamped", filter = true, mss = mtu - 40 },
}
for _, c in ipairs(cases) do
  local a = net:host("a-" .. c.name, { sysctl = { ["net.ipv4.tcp_mtu_probing"] = c.probing or 0 } })
  local b = net:host("b-" .. c.name)
  local r1, r2 = net:router("r1-" .. c.name), net:router("r2-" .. c.name)
  local first = net:link(a, r1, { rate = "100Mbps", delay = rtt / 2 })
  local narrow = net:link(r1, r2, { rate = "100Mbps", mtu = mtu })
  net:link(r2, b, { rate = "100Mbps" })
  first:capture { name = c.name, snaplen = 96 }
  c.sent, c.came = { x = {}, y = {} }, { x = {}, y = {} }
  local function watch(list)
    return function(p)
      if p.tcp and p.tcp.len > 0 then list.x[#list.x + 1], list.y[#list.y + 1] = p.time, p.ip.len end
    end
  end
  first:set { loss = { ab = watch(c.sent), ba = function(p) return c.filter and p.icmp ~= nil end } }
  narrow:set { loss = { ab = watch(c.came), ba = 0 } }
  c.flow = net:tcp { name = c.name, from = a, to = b, bytes = bytes, sockopt = c.mss and { TCP_MAXSEG = c.mss } }
  c.flow:record("delivered", "rto", "cwnd")
  c.host = a
end
net:plot { "delivered", between = { 0, 6 }, name = "delivered", title = "A path MTU black hole" }
net:run("1100s")
local icmp, filtered, probing, clamped = table.unpack(cases)

local function points(name, list) return { name = name, x = list.x, y = list.y, unit = "B", label = "IP datagram" } end
local limit = { name = "MTU of the narrow link", x = { 0, 6 }, y = { mtu, mtu }, unit = "B", label = "IP datagram", style = "dashes" }
weft.plot { points("sent", probing.sent), points("got through", probing.came), limit, style = "scatter", name = "sizes",
            x_label = "time", x_unit = "s", title = "A small segment first; then the path MTU is searched by halves" }

local rows = { name = "who gets through", columns = { "", "complete after", "time-outs", "largest", "error" },
               units = { "", "s", "", "B", "" } }
for i, c in ipairs(cases) do
  local f, largest = c.flow, 0
  for _, size in ipairs(c.came.y) do largest = math.max(largest, size) end
  c.largest = largest
  rows[i] = { c.name, f.fct or "never", f.timeouts, largest, f.error or "none" }
end
weft.table(rows)

expect.equal(clamped.flow.retransmits, 0)
expect.equal(clamped.largest, mtu)
expect.equal(icmp.largest, mtu, "the message says how large")
expect.equal(icmp.host:counters().IcmpInDestUnreachs, 10, "a message for each segment of the first window")
expect.equal(icmp.flow.timeouts, 0)
expect.between(icmp.flow.fct - clamped.flow.fct, rtt, 2 * rtt, "what one window for nothing costs")

expect.equal(filtered.flow.delivered, 0, "not a byte")
expect.equal(filtered.flow.error, "ETIMEDOUT")
expect.between(filtered.flow.ended, 924.6, 924.6 + 120 + 2, "given up as a dead peer is (see peer-vanishes)")

-- Time-outs double: R, 2 R, 4 R, ...; the n-th comes R (2^n - 2) after the first one.
local f, n = probing.flow, 1
local first = f:series("rto"):at("200ms")
while first * (2 ^ n - 2) < 3 do n = n + 1 end
expect.equal(f.timeouts, n, "time-outs until Linux suspects a black hole")
local cut -- the first segment that fits
for i, size in ipairs(probing.sent.y) do
  if size <= mtu then cut = i break end
end
expect.equal(probing.sent.y[cut], 1024 + 52, "tcp_base_mss, and headers with timestamps")
local again = cut - (n - 1) -- sent by the first time-out; in front of it is a probe for the loss of the tail (TLP)
expect.near(probing.sent.x[cut] - probing.sent.x[again], first * (2 ^ n - 2), "1ms", "how long it takes")
-- The search ends when less than tcp_probe_threshold = 8 bytes are left.
expect.between(probing.largest, mtu - 8, mtu, "the path MTU, found without a message")
expect.below(f.fct, 10)
