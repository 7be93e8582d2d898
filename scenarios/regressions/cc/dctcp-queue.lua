-- Two flows through a port of 1 Gbit/s that marks from 20 packets on, and a round trip below 100 µs: DCTCP
-- keeps the queue at about 20 packets, where Reno fills it (Alizadeh et al., SIGCOMM 2010, figure 1 and
-- section 4.1; there 5 %, median and 95 % are 17, 19 and 21 packets, and with TCP 226, 337 and 417 of 425).
--
-- Linux itself has 15, 18 and 21 packets (kernel 7.2, this network of namespaces at the full rate, in a machine with a clock
-- so slow that computing takes no time); without tcp_tso_win_divisor 15, 19 and 21; if its device takes no
-- super-segments 16, 19 and 22.  There the queue includes the packet that is being sent, and its least is 10.
--
-- A little jitter stands for that of real hosts: without it the flows meet the full queue in step.
--
-- tags: regression tcp cc ecn
-- needs: tcp switch
local function run(cc, queue, sysctl)
  local net = weft.network { name = cc .. (sysctl and "-at-once" or "") }
  local seconds = cc == "dctcp" and 1.5 or 3 -- a sawtooth of Reno's takes 0.4 s
  local sw, to = net:switch("sw"), net:host("to", { sysctl = { ["net.ipv4.tcp_congestion_control"] = cc } })
  local port = net:link(sw, to, { rate = "1Gbps", delay = 0, queue = queue })
  local flows = {}
  for i = 1, 2 do
    local from = net:host("from" .. i, { sysctl = sysctl or {} })
    net:link(from, sw, { rate = "1Gbps", delay = { ab = 0, ba = "36us" }, jitter = "4us" })
    flows[i] = net:tcp { from = from, to = to, cc = cc, start = (i - 1) * 5e-3 }
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
expect.near(low, 15, 1, "5 % of DCTCP's queue, against Linux")
expect.near(median, 18, 1, "median of DCTCP's queue, against Linux")
expect.near(high, 21, 1, "95 % of DCTCP's queue, against Linux")
expect.equal(port.drops, 0)
expect.above(port.utilisation, 0.95)
for i = 1, 2 do expect.between(flows[i]:stats { between = { "0.3s", "1.5s" } }.goodput, "350Mbps", "600Mbps", "its share") end

-- Linux waits until a third of a window can leave together (net.ipv4.tcp_tso_win_divisor), which moves the queue up and
-- down by a packet or two; a sender that does not wait has the paper's percentiles.  They are those of section 3.3, too:
-- with C RTT + K = 25 packets, windows W = 12.7 at the mark are cut by alpha / 2, alpha = (2 / W)^0.5, and both flows'
-- cuts are 5 packets, so that the queue moves between 17 and 22.
local at_once = { ["net.ipv4.tcp_tso_win_divisor"] = 0 }
low, median, high = run("dctcp", "pfifo limit 425 mark 20", at_once)
expect.near(low, 17, 1, "5 % of DCTCP's queue, sent at once")
expect.near(median, 19, 1, "median of DCTCP's queue, sent at once")
expect.near(high, 21, 1, "95 % of DCTCP's queue, sent at once")

-- 226, 337 and 417 packets are what two flows give that halve together, from W = 425 and what the wire holds: the time
-- spent at a window w is as w, so that p of the time it is below (W^2 / 4 + p 3/4 W^2)^0.5.  That is what a sender gives that
-- does not wait; with waiting the sawtooth is less plain, in Linux 214, 348 and 409 packets in a run of 2.2 s.
local on_the_wire = 5 -- 1 Gbit/s, 66 us
local function sawtooth(p)
  local w = 425 + on_the_wire
  return w * (1 / 4 + 3 / 4 * p) ^ 0.5 - on_the_wire
end

low, median, high = run("reno", "pfifo limit 425", at_once)
expect.near(low, sawtooth(0.05), "12%", "5 % of Reno's queue, sent at once")
expect.near(median, sawtooth(0.5), "10%", "median of Reno's queue, sent at once")
expect.near(high, sawtooth(0.95), "5%", "95 % of Reno's queue, sent at once")
low, median, high = run("reno", "pfifo limit 425")
expect.near(low, 214, "20%", "5 % of Reno's queue, against Linux")
expect.near(median, 348, "12%", "median of Reno's queue, against Linux")
expect.near(high, 409, "5%", "95 % of Reno's queue, against Linux")
