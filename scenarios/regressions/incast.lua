-- Forty hosts answer one at the same time through a shallow port of a switch.
--
-- tags: regression tcp switch
-- needs: switch
local net, fs = weft.network(), {}
local sw, c = net:switch("sw"), net:host("c")
local port = net:link(sw, c, { rate = "1Gbps", delay = "10us", queue = "bfifo limit 128KiB" }):at(sw)
for i = 1, weft.arg("n", 40, "senders") do
  local s = net:host("s" .. i); net:link(s, sw, { rate = "1Gbps", delay = "10us" })
  fs[i] = net:tcp { from = s, to = c, bytes = "64KiB", start = { "0s", jitter = "1ms" } }
end
net:run { stop_when = "flows done", max = "10s" }
weft.plot { weft.series(fs, "fct"), style = "cdf" }

-- The scenario of the manual ends here; this is what must come of it: all of it arrives, and 2.6 MB take
-- 22 ms at least.
local last = weft.series(fs, "fct"):max()
for _, f in ipairs(fs) do expect(f.done, f.name .. " is done") end
expect.above(last, "22ms")
expect.above(port.drops, 0, "the port overflows")
