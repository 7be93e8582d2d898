-- Five BBR flows that start 2 s apart share 50 Mbit/s, 10 ms, and come to a fair share within half a
-- minute (Cardwell et al., ACM Queue 14(5), 2016, figure 6).
--
-- tags: regression tcp cc bbr
-- needs: tcp
local n = 5
local net = weft.network()
local d = net:dumbbell { hosts = n, rate = "50Mbps", delay = "4ms", queue = "pfifo limit 400",
  access = { rate = "1Gbps", delay = "0.5ms" } }
local flows = {}
for i = 1, n do
  flows[i] = net:tcp { name = "bbr" .. i, from = d.left[i], to = d.right[i], cc = "bbr", start = 2 * (i - 1) }
end
net:run("60s")

-- Jain's index over the last part.
local sum, squares, shares = 0, 0, {}
for i = 1, n do
  local x = flows[i]:stats { between = { "30s", "60s" } }.goodput
  sum, squares, shares[i] = sum + x, squares + x * x, x
end
for i, x in ipairs(shares) do expect.between(x / (sum / n), 0.5, 1.6, flows[i].name .. " has its share") end
local fairness = sum * sum / (n * squares)
weft.result("Jain's index", fairness, "")
expect.above(fairness, 0.95, "Jain's index")
expect.above(sum, "44Mbps", "together they fill the link")
