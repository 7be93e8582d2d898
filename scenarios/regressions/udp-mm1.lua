-- Poisson arrivals, exponential service times, one server: the queue M/M/1.
--
-- Datagrams of exponential sizes, 1000 bytes on the wire on average, arrive at a link that they keep
-- busy for half of the time.  Kleinrock, Queueing Systems I, 3.2: the mean time from arrival to
-- departure is S / (1 - load), of which S, the mean service time, is spent on the wire; the link is
-- busy for `load` of the time; the times are exponential, too, so that percentiles follow.
--
-- The sizes cannot be quite exponential, which is worth 0.3 %: no frame takes less than 84 bytes of
-- wire, and what is above the MTU travels in fragments.
--
-- The mean over n datagrams has a standard deviation of S (p (2 + 5 p - 4 p^2 + p^3) / n)^0.5 / (1 - p)^2
-- at the load p: 0.5 % of the mean for those sent here, which runs of other seeds bear out.
-- scenarios/long/udp-mm1.lua waits for a better figure.
--
-- tags: regression udp queue physics
-- needs: udp
local load, rate, size = 0.5, 100e6, 1000
local service = 8 * size / rate
local net = weft.network()
local a, b = net:host("a"), net:host("b")
local link = net:link(a, b, { rate = rate, delay = 0, mtu = 9000, queue = "pfifo limit 100000" })
local flow = net:udp {
  from = a, to = b,
  arrival = { "poisson", load / service }, wire_size = { "exponential", size },
}
net:run("40s")

expect.near(flow.sent, 40 * load / service, "1%", "Poisson arrivals")
expect.equal(flow.lost, 0)
expect.near(link.utilisation, load, "1.5%", "the load")
expect.near(flow.delay.mean, service / (1 - load), "2%", "mean delay of M/M/1")
-- Exponential with that mean: half are below ln 2 of it, one in a hundred above ln 100 of it.
expect.near(flow.delay.p50, service / (1 - load) * math.log(2), "2%", "median delay")
expect.near(flow.delay.p99, service / (1 - load) * math.log(100), "4%", "99th percentile of the delay")
