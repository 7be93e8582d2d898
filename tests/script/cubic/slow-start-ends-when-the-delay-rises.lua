-- Linux's HyStart (Ha and Rhee 2011): when the least of eight round-trip times of a round is longer than the path's by an
-- eighth, but by 4 to 16 ms at least and at most, slow start is over. Here 80 ms become 120: the ninth ACK finds it out.
script.host { sysctl = { ["net.ipv4.tcp_min_tso_segs"] = 1 } }
local c = script.accepted { rtt = "80ms", cc = "cubic", sndbuf = 200000 }
c:write(30000)
script.expect(". 1:10001(10*1000) ack 1")
script.inject("+80ms", ". 1:1(0) ack 10001 win 400")
script.expect("P. 10001:26001(16*1000) ack 1")
script.expect("P. 26001:30001(4*1000) ack 1")
for n = 1, 10 do
  script.inject(n == 1 and "+120ms" or "+3ms", (". 1:1(0) ack %d win 400"):format(10001 + 2000 * n))
  expect.equal(c.cwnd, n < 9 and 20 + 2 * n or 36, "window after ACK " .. n)
  if n >= 9 then expect.equal(c.ssthresh, 36, "threshold after ACK " .. n) end
  if n < 9 then expect.above(c.ssthresh, 1000, "no threshold after ACK " .. n) end
end
