-- The same five hosts on a hub and on a switch.
--
-- A hub is a wire with many ends: who sends is heard by all, and two at a time are too many.  Stations
-- listen before they send and while they send (CSMA/CD); after a collision each waits for a random
-- time, from a range that doubles with each attempt.  On a switch each host has its cable for itself,
-- in both directions at a time.
--
-- Two pairs send as fast as they can at 10 Mbit/s.  On the switch each pair gets a link's rate; on the
-- hub all share one, less what collisions cost.
--
-- Look at
--   the table: goodput, collisions
--   spy.pcap of both: on the hub a host sees everything
--
-- tags: lab ethernet hub switch
-- needs: hub switch udp
local rows = { columns = { "box", "sum of goodput", "collisions", "frames at the spy" },
               units = { "", "bit/s", "", "" } }
local result = {}
for _, kind in ipairs { "hub", "switch" } do
  local net = weft.network { name = kind }
  local box = kind == "hub" and net:hub("box") or net:switch("box")
  local h = {}
  for i, name in ipairs { "a", "b", "c", "d", "spy" } do
    h[i] = net:host(name)
    net:link(h[i], box, { rate = "10Mbps", delay = "500ns", queue = "10pkts" })
  end
  h[5]:iface(1):capture { name = "spy-" .. kind }
  h[1]:ping(h[2], { count = 1 })
  h[3]:ping(h[4], { count = 1 })
  local f = { net:udp { from = h[1], to = h[2], rate = "9Mbps", size = 1000, start = "1s", stop = "6s" },
              net:udp { from = h[3], to = h[4], rate = "9Mbps", size = 1000, start = "1s", stop = "6s" } }
  net:run("7s")
  local between = { between = { "1s", "6s" } }
  local r = { sum = f[1]:stats(between).goodput + f[2]:stats(between).goodput,
              collisions = kind == "hub" and box.collisions or 0,
              seen = h[5]:iface(1):counters().rx_packets }
  result[kind] = r
  rows[#rows + 1] = { kind, r.sum, r.collisions, r.seen }
end
weft.table(rows)

expect.near(result.switch.sum, "18Mbps", "0.1Mbps", "both at once")
expect.between(result.hub.sum, "8Mbps", "9.4Mbps", "one wire: 1000 bytes of 1066, less the collisions")
-- Who has just sent waits no longer than the other for the wire to be free, so two that both have a frame collide.  Who
-- loses the draw draws from a larger range next, and the winner goes on: one collision brings several frames.
expect.above(result.hub.collisions, result.hub.seen / 10, "a collision each few frames")
expect.below(result.switch.seen, 10, "ARP, nothing else")
expect.above(result.hub.seen, 4000, "everything")
