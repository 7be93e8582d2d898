-- TCP gives way when packets are lost, UDP does not know how.
--
-- A TCP flow and a UDP stream share a bottleneck of 10 Mbit/s.  Every ten seconds the UDP stream sends
-- faster: 2, 4, 6, 8, at last 12 Mbit/s.  TCP takes what UDP leaves, which is fair up to half of the link,
-- and next to nothing in the end.  (Nothing in the network protects TCP: the queue is a plain FIFO.)
--
-- Look at
--   share.png       goodput of both, and the queue, which TCP fills and UDP alone would not until it sends
--                   more than the link carries
--   left-eth1.pcap  the last step begins at 50 s: "TCP Retransmission" again and again, after ever longer
--                   time-outs
--   "shares" on the terminal
--
-- tags: lab tcp udp fairness
-- needs: tcp udp
local rate, rates = 10e6, { 2e6, 4e6, 6e6, 8e6, 12e6 } -- bits on the wire
local net = weft.network { rtt = "44ms" }
local t = net:dumbbell { hosts = 2, rate = rate, delay = "20ms", queue = "1bdp",
                         access = { rate = "1Gbps", delay = "1ms" } }
local neck = t.bottleneck
neck:capture { between = { 49, 53 }, snaplen = 96 }

local tcp = net:tcp { name = "tcp", from = t.left[1], to = t.right[1] }
tcp:record("goodput", { every = "250ms" })
local udp = {}
for i, r in ipairs(rates) do
  udp[i] = net:udp { name = ("udp-%.0fM"):format(r / 1e6), from = t.left[2], to = t.right[2],
                     rate = r, wire_size = 1538, start = 10 * i, stop = 10 * i + 10 }
  udp[i]:record("goodput", { every = "250ms" })
end
neck:record("queue_packets")
net:plot { "goodput", "queue_packets", name = "share" }
net:run("90s")

local rows = { name = "shares", columns = { "UDP sends", "TCP gets", "UDP gets", "UDP loses" },
               units = { "bit/s", "bit/s", "bit/s", "1" } }
for i, r in ipairs(rates) do
  local window = { between = { 10 * i + 1, 10 * i + 10 } } -- a second to settle
  local tcp_gets, udp_gets = tcp:stats(window).goodput, udp[i]:stats(window).goodput
  rows[i] = { r, tcp_gets, udp_gets, udp[i].loss }
  expect.above(neck:stats(window).utilisation, 0.99, "the link is full")
  -- A packet of 1538 bytes on the wire carries 1448 of TCP's data or 1472 of UDP's.
  if r < rate then
    expect.near(tcp_gets, (rate - r) * 1448 / 1538, "3%", "TCP takes what UDP leaves")
    expect.near(udp_gets, r * 1472 / 1538, "3%", "UDP gets what it sends")
    expect.below(udp[i].loss, "1%", "UDP's loss, though TCP fills the queue")
  else
    expect.below(tcp_gets, 0.01 * rate, "TCP starves")
    expect.near(udp[i].loss, 1 - rate / r, 0.01, "UDP loses what is too much, and sends on")
  end
end
weft.table(rows)
expect.below(tcp:stats { between = { 31, 40 } }.goodput, 0.8 * rate / 2, "6 Mbit/s of UDP are more than a fair half")
expect.above(tcp:stats { between = { 80, 90 } }.goodput, 0.8 * rate, "TCP recovers when UDP has ended")
