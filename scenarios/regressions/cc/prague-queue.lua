-- Prague asks for accurate ECN, marks its packets ECT(1), and keeps the queue of a port that marks early
-- at its threshold; a CUBIC flow fills the same port (draft-briscoe-iccrg-prague-congestion-control).
--
-- tags: regression tcp cc ecn
-- needs: tcp
local function run(cc)
  local net = weft.network { name = cc }
  local a, r, b = net:host("a"), net:router("r"), net:host("b", { sysctl = { ["net.ipv4.tcp_congestion_control"] = cc } })
  net:link(a, r, { rate = "10Gbps" })
  local link = net:link(r, b, { rate = "100Mbps", delay = "5ms", queue = "pfifo limit 425 mark 10" })
  local seen = {}
  link:set { loss = function(p)
    if p.tcp and p.len > 1000 then seen[p.ip.dsfield.ecn] = true end
    return false
  end }
  local flow = net:tcp { from = a, to = b, cc = cc }
  link.ab:record("queue_packets")
  net:at("0.5s", function() link:set { loss = 0 } end)
  net:run("8s")
  local between = { "4s", "8s" }
  return link.ab:series("queue_packets"):percentile(95, { between = between }), flow:stats { between = between }.goodput,
    link.ab.marks, seen
end

local queue, goodput, marks, seen = run("prague")
weft.result("prague p95", queue, "packets")
expect.below(queue, 15, "95 % of Prague's queue")
expect.above(goodput, "80Mbps")
expect.above(marks, 20, "it is marked")
expect(seen[1], "its packets are ECT(1)")
expect.above(run("cubic"), 300, "95 % of CUBIC's queue")
