-- A large buffer does not make a link faster; it makes everybody wait.
--
-- A download runs through a link of 10 Mbit/s, 40 ms, whose buffer is made larger and larger.  With a buffer of
-- one bandwidth-delay product (BDP) the link is full, and all that is added beyond is delay: a sender that goes
-- by losses (Reno) fills whatever there is, and a ping beside it takes up to
--     RTT + buffer / rate.
-- A sender that goes by rate and delay (BBR) leaves the buffer nearly empty, however large it is: it queues a
-- quarter of a BDP and a few packets when it looks for more, one round trip in eight.
--
-- Look at
--   rtt.png          the longest round trip of the pings over two decades of buffers
--   goodput.png      what Reno gets: from one BDP on there is nothing to win
--   bloated.pcap     8 BDP of buffer: a ping's request and reply are 350 ms apart
--
-- tags: lab tcp queue bufferbloat
-- needs: tcp
local rate, rtt, mtu = 10e6, 40e-3, 1500
local frame = (mtu + 38) * 8          -- bits on the wire
local bdp = rate * rtt / frame        -- packets
local factors = { 1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8 }
local steady = { between = { "10s", "30s" } } -- the start is over

local function run(cc, factor)
  local net = weft.network { name = ("%s-%g"):format(cc, factor) }
  local s, r, d = net:host("s"), net:router("r"), net:host("d")
  net:link(s, r, { rate = "1Gbps" })
  local bytes = math.ceil(factor * bdp) * (mtu + 14)
  local neck = net:link(r, d, { rate = rate, delay = rtt / 2, queue = ("bfifo limit %d"):format(bytes) })
  if cc == "reno" and factor == 8 then neck:capture { name = "bloated", between = { "20s", "21s" }, snaplen = 96 } end
  local f = net:tcp { from = s, to = d, cc = cc }
  local ping = s:ping(d, { interval = "20ms", size = 8 })
  ping:record("rtt")
  net:run("30s")
  -- With much buffer Reno fills it only once in a minute: when slow start ends, and 36 s later.
  local window = cc == "bbr" and steady or { between = { "1s", "30s" } }
  return ping:series("rtt"):max(window), f:stats(steady).goodput
end

-- How much of the link Reno uses with a buffer of b BDP (Appenzeller, Keslassy, McKeown, SIGCOMM 2004): its window
-- grows from p / 2 to the peak p = 1 + b, in BDP; above 1 the link is full, and a round trip takes longer.
local function utilisation(b)
  local p = 1 + b
  if b >= 1 then return 1 end
  return (p ^ 2 - (p / 2) ^ 2) / 2 / (1 - p / 2 + (p ^ 2 - 1) / 2)
end

local link_goodput = rate * 1448 / 1538
local rows = { name = "buffers", columns = { "buffer", "RTT of reno", "formula", "RTT of bbr", "goodput of reno", "formula" },
               units = { "BDP", "s", "s", "s", "bit/s", "bit/s" } }
local reno, bbr, longest, goodput, ideal = {}, {}, {}, {}, {}
for i, b in ipairs(factors) do
  longest[i], ideal[i] = rtt + math.ceil(b * bdp) * frame / rate, utilisation(b) * link_goodput
  reno[i], goodput[i] = run("reno", b)
  bbr[i] = run("bbr", b)
  rows[i] = { b, reno[i], longest[i], bbr[i], goodput[i], ideal[i] }
  expect.near(reno[i], longest[i], "5%", "the longest RTT beside Reno, buffer of " .. b .. " BDP")
  expect.near(goodput[i], ideal[i], "5%", "goodput of Reno, buffer of " .. b .. " BDP")
  -- When BBR probes, 1.25 times the path's content is under way, three super-segments of two packets, and two
  -- packets more (the quantization budget of BBR version 1); 2 ms are for the ping and what is on the wire.
  expect.below(bbr[i], 1.25 * rtt + 8 * frame / rate + 2e-3, "the longest RTT beside BBR, buffer of " .. b .. " BDP")
end
weft.table(rows)

local function line(name, y, style) return { name = name, x = factors, y = y, unit = "s", label = "longest RTT of pings", style = style } end
weft.plot { line("beside reno", reno), line("beside bbr", bbr), line("RTT + buffer / rate", longest, "dashes"),
            style = "linespoints", log = "xy", name = "rtt", x_label = "buffer", x_unit = "BDP",
            title = "Loss-based senders turn buffer into delay" }
weft.plot { { name = "reno", x = factors, y = goodput, unit = "bit/s", label = "goodput", style = "linespoints" },
            { name = "formula", x = factors, y = ideal, unit = "bit/s", label = "goodput", style = "dashes" },
            log = "x", name = "goodput", x_label = "buffer", x_unit = "BDP",
            title = "More buffer than one BDP does not make the link faster" }
