-- Two flows through a port of 1 Gbit/s that marks from 20 packets on, and a round trip below 100 µs: DCTCP
-- keeps the queue at about 20 packets, where Reno fills it (Alizadeh et al., SIGCOMM 2010, figure 1 and
-- section 4.1; there 5 %, median and 95 % are 17, 19 and 21 packets, and with TCP 226, 337 and 417 of 425).
--
-- A little jitter stands for that of real hosts: without it the flows meet the full queue in step.
--
-- tags: regression tcp cc ecn
-- needs: tcp switch
local function run(cc, queue)
  local net = weft.network { name = cc }
  local sw, to = net:switch("sw"), net:host("to", { sysctl = { ["net.ipv4.tcp_congestion_control"] = cc } })
  local port = net:link(sw, to, { rate = "1Gbps", delay = "10us", queue = queue })
  local flows = {}
  for i = 1, 2 do
    local from = net:host("from" .. i)
    net:link(from, sw, { rate = "1Gbps", delay = "10us", jitter = "4us" })
    flows[i] = net:tcp { from = from, to = to, cc = cc }
  end
  port.ab:record("queue_packets")
  net:run("1.5s")
  local q, between = port.ab:series("queue_packets"), { "0.3s", "1.5s" }
  local function p(percent)
    local x = q:percentile(percent, { between = between })
    weft.result(("%s p%d"):format(cc, percent), x, "packets")
    return x
  end
  return p(5), p(50), p(95), port.ab, flows
end

local low, median, high, port, flows = run("dctcp", "pfifo limit 425 mark 20")
expect.between(low, 14, 19, "5 % of DCTCP's queue")
expect.between(median, 17, 21, "median of DCTCP's queue")
expect.between(high, 19, 24, "95 % of DCTCP's queue")
expect.equal(port.drops, 0)
expect.above(port.utilisation, 0.95)
for i = 1, 2 do expect.between(flows[i]:stats { between = { "0.3s", "1.5s" } }.goodput, "350Mbps", "600Mbps", "its share") end

low, median, high = run("reno", "pfifo limit 425")
expect.between(low, 150, 300, "5 % of Reno's queue")
expect.near(median, 337, "10%", "median of Reno's queue")
expect.near(high, 417, "5%", "95 % of Reno's queue")
