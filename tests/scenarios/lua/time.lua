-- tags: language
-- Functions at times, several runs, reasons for their end, several networks.

local net = weft.network { name = "first" }
local log = {}
local function note(text) return function() log[#log + 1] = text .. "@" .. now() end end

net:at("2s", note "at")
net:after("1s", note "after")
local every = net:every("1s", note "every", { start = "0s", stop = "3s" })
local never = net:at("2.5s", note "never")
expect.equal(never.pending, true)
never:cancel()
never:cancel()
expect.equal(never.pending, false)
expect.equal(net:now(), 0)
expect.equal(net:run("2s"), "time")
expect.equal(net:now(), 2)
expect.equal(table.concat(log, " "), "every@0.0 after@1.0 every@1.0 at@2.0 every@2.0")
expect.equal(every.pending, true)
net:run("10s")
expect.equal(every.pending, false)
expect.equal(log[#log], "every@3.0")
net:run("10s")

-- A function can cancel itself and ask for others.
local n, again = 0
again = net:every("1ms", function()
  n = n + 1
  if n == 5 then
    again:cancel()
    net:after(0, function() n = n + 100 end)
  end
end)
net:run("11s")
expect.equal(n, 105)

-- Errors of callbacks end the run, with the line that made them.
net:after("1ms", function() error("in a callback") end)
local ok, message = pcall(net.run, net, "12s")
expect(not ok and message:find("time.lua:%d+: in a callback"), message)
expect.near(net:now(), 11.001, "1ns")

-- Until a function says so.
local reached
net:after("0.5s", function() reached = true end)
expect.equal(net:run { stop_when = function() return reached end, max = "20s", every = "100ms" },
  "condition")
expect.between(net:now(), 11.501, 11.61)
expect.equal(net:run { stop_when = function() return false end, max = "13s" }, "time")

-- Flows.
local second = weft.network { name = "second" }
local a, b = second:host("a"), second:host("b")
second:link(a, b, { rate = "10Mbps", delay = "5ms" })
local f = second:tcp { from = a, to = b, bytes = "100kB" }
local g = second:tcp { from = b, to = a, bytes = "1MB", start = "50ms" }
local done = {}
f:on("done", function() done[#done + 1] = "f" end)
g:on("done", function() done[#done + 1] = "g" end)
local states = {}
f:on("state", function(state) states[#states + 1] = state end)
expect.equal(second:run { stop_when = f, max = "10s" }, "flow done")
expect.equal(f.done, true)
expect.equal(g.done, false)
expect.equal(second:run { stop_when = "flows done", max = "10s" }, "flows done")
expect.equal(table.concat(done, " "), "f g")
expect.equal(second:run { stop_when = "flows done", max = "10s" }, "flows done")
expect.equal(states[1], "SYN_SENT")
expect.equal(states[2], "ESTABLISHED")
expect.equal(g.name, "b-a")
expect.equal(second:tcp { from = a, to = b, start = "20s" }.name, "a-b-2")

-- A loss is told once for all that an ACK reveals, with what is lost by then.
local lossy = weft.network { name = "lossy" }
local la, lb = lossy:host("a"), lossy:host("b")
lossy:link(la, lb, { rate = "10Mbps", delay = "5ms", loss = { ab = { packets = { 10, 12, 40 } } } })
local h, losses = lossy:tcp { from = la, to = lb, bytes = "200kB" }, {}
h:on("loss", function(lost) losses[#losses + 1] = lost end)
lossy:run("10s")
expect.equal(table.concat(losses, " "), "2.0 3.0")
expect.equal(h.lost, 3)
expect.equal(h.retransmits, 3)

-- Each network has its own clock.
expect.equal(net:now(), 13)
expect.below(second:now(), 10)
