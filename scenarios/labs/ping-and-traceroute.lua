-- How long is the way to a host, and over whom does it lead?
--
-- ping measures the round trip.  traceroute finds the routers: it sends probes that may be forwarded
-- only once (TTL 1), then twice, ..., and each router that throws one away says so with an ICMP
-- "time exceeded".  The destination answers "port unreachable", as nobody listens there.
--
-- Look at
--   h1-eth1.pcap   TTLs of the probes and who answers each; the answers to the ping come with TTL 60,
--                  64 less the four routers
--   hops.png       the long hop, from r2 to r3, stands out; the last ones add almost nothing
--   "hops of traceroute" on the terminal: what traceroute(8) would print
--
-- tags: lab icmp
-- needs: ping traceroute
local net = weft.network()
local rate, delays = 100e6, { 1e-3, 2e-3, 40e-3, 1e-3, 1e-3 } -- of the five links
local nodes = { net:host("h1") }
for i = 1, 4 do nodes[i + 1] = net:router("r" .. i) end
nodes[6] = net:host("h2")
for i, delay in ipairs(delays) do
  net:link(nodes[i], nodes[i + 1], { rate = rate, delay = delay })
end
local h1, h2 = nodes[1], nodes[6]
h1:iface(1):capture()

local ping = h1:ping(h2, { name = "ping", count = 10, interval = "200ms" })
local trace = h1:traceroute(h2, { name = "traceroute", start = "3s" })
local short = h1:ping(h2, { name = "ttl-2", start = "5s", count = 1, ttl = 2 })
net:run("8s")

-- What the hops should take: a frame of so many bytes on the wire there, another one back.
local function round_trip(hops, there, back)
  local sum = 0
  for i = 1, hops do sum = sum + 2 * delays[i] + (there + back) * 8 / rate end
  return sum
end

-- Bytes on the wire: IP datagram + Ethernet header 14, FCS 4, preamble and gap 20.  An echo carries 56
-- bytes behind 8 of ICMP and 20 of IP; a probe 32 behind 8 of UDP and 20 of IP; an ICMP error quotes
-- the whole probe behind 28 of its own.
local echo, probe, answer = 84 + 38, 60 + 38, 88 + 38
expect.near(ping.rtt.min, round_trip(5, echo, echo), "1ns", "ping: the sum of all links")
expect.equal(ping.ttl, 60, "four routers have counted the answer's TTL down")
expect.equal(ping.received, 10)

local names, rtts = {}, {}
for i, hop in ipairs(trace.hops) do
  names[i], rtts[i] = hop.node, math.min(table.unpack(hop.rtt))
  expect.equal(hop.node, nodes[i + 1].name, "who answers hop " .. i)
  expect.near(rtts[i], round_trip(i, probe, answer), "1ns", "round trip of hop " .. i)
end
expect.equal(#trace.hops, 5)
weft.plot { { name = "h1 to ...", label = "round-trip time", unit = "s", x = names, y = rtts },
            name = "hops" }

expect.equal(short.received, 0)
expect.equal(short.time_exceeded, 1, "with TTL 2 an echo request ends at the second router")
