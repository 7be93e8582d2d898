-- Two congestion controls share one bottleneck.
local net = weft.network()
local left, right = net:router("left"), net:router("right")
local neck = net:link(left, right, { rate = "20Mbps", delay = "20ms", queue = "pfifo limit 70" })
for i, cc in ipairs { "cubic", "reno" } do
  local s, d = net:host("s" .. i), net:host("d" .. i)
  net:link(s, left,  { rate = "1Gbps", delay = "1ms" })
  net:link(right, d, { rate = "1Gbps", delay = "1ms" })
  local f = net:tcp { name = cc, from = s, to = d, cc = cc, start = (i - 1) .. "s" }  -- bulk until the end; bytes = or stop = end it earlier
  f:record("cwnd", "rtt", "goodput")
end
neck:record("queue_packets", "drops", "utilisation")
neck:capture()                                   -- a pcap of the bottleneck
net:plot { "cwnd", "queue_packets", "goodput" }
net:run("60s")
expect(neck.utilisation > 0.9, "the bottleneck is busy")
