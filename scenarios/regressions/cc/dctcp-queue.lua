-- Two flows through a port of 1 Gbit/s that marks from 20 packets on, and a round trip below 100 µs: DCTCP
-- keeps the queue at about 20 packets, where Reno fills it (Alizadeh et al., SIGCOMM 2010, figure 1 and
-- section 4.1; there 5 %, median and 95 % are 17, 19 and 21 packets, and with TCP 226, 337 and 417 of 425).
--
-- A little jitter stands for that of real hosts: without it the flows meet the full queue in step.
--
-- tags: regression tcp cc ecn
-- needs: tcp switch
local function run(cc, queue, sysctl)
  local net = weft.network { name = cc .. (sysctl and "-at-once" or "") }
  local seconds = cc == "dctcp" and 1.5 or 3 -- a sawtooth of Reno's takes 0.4 s
  local sw, to = net:switch("sw"), net:host("to", { sysctl = { ["net.ipv4.tcp_congestion_control"] = cc } })
  local port = net:link(sw, to, { rate = "1Gbps", delay = "10us", queue = queue })
  local flows = {}
  for i = 1, 2 do
    local from = net:host("from" .. i, { sysctl = sysctl or {} })
    net:link(from, sw, { rate = "1Gbps", delay = "10us", jitter = "4us" })
    flows[i] = net:tcp { from = from, to = to, cc = cc }
  end
  port.ab:record("queue_packets")
  net:run(seconds)
  local q, between = port.ab:series("queue_packets"), { 0.3, seconds }
  local function p(percent)
    local x = q:percentile(percent, { between = between })
    weft.result(("%s p%d%s"):format(cc, percent, sysctl and ", sent at once" or ""), x, "packets")
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

-- Linux waits until a third of a window can leave together (net.ipv4.tcp_tso_win_divisor), which moves the queue up and
-- down by a packet or two; a sender that does not wait has the paper's percentiles.
local at_once = { ["net.ipv4.tcp_tso_win_divisor"] = 0 }
low, median, high = run("dctcp", "pfifo limit 425 mark 20", at_once)
expect.near(low, 17, 1, "5 % of DCTCP's queue, sent at once")
expect.near(median, 19, 1, "median of DCTCP's queue, sent at once")
expect.near(high, 21, 1, "95 % of DCTCP's queue, sent at once")

-- 226, 337 and 417 packets are what two flows give that halve together, from W = 425 and what the wire holds: the time
-- spent at a window w is as w, so that p of the time it is below (W^2 / 4 + p 3/4 W^2)^0.5.  With waiting, what is under
-- way is up to some 40 packets less than the window; without, there is the plain sawtooth.
local on_the_wire = 7 -- 1 Gbit/s, 80 us
local function sawtooth(p)
  local w = 425 + on_the_wire
  return w * (1 / 4 + 3 / 4 * p) ^ 0.5 - on_the_wire
end

low, median, high = run("reno", "pfifo limit 425", at_once)
expect.near(low, sawtooth(0.05), "10%", "5 % of Reno's queue, sent at once")
expect.near(median, sawtooth(0.5), "10%", "median of Reno's queue, sent at once")
expect.near(high, sawtooth(0.95), "5%", "95 % of Reno's queue, sent at once")
low, median, high = run("reno", "pfifo limit 425")
expect.between(low, sawtooth(0.05) - 50, sawtooth(0.05), "5 % of Reno's queue")
expect.near(median, sawtooth(0.5), "10%", "median of Reno's queue")
expect.near(high, sawtooth(0.95), "5%", "95 % of Reno's queue")
