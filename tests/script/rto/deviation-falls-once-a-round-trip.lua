-- Linux's RTTVAR (tcp_rtt_estimator): a larger deviation counts at once, a smaller one by a quarter of the difference
-- and once a round trip only, however many samples that has: of a peak of 800 ms something is left after twelve samples
-- of 400.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "400ms", cc = "reno" }
local function more(first, last, rtt, rto)
  for i = first, last - 1 do
    c:write(1000)
    script.expect(string.format("P. %d:%d(1000) ack 1", i * 1000 + 1, i * 1000 + 1001))
  end
  for i = first, last - 1 do script.inject(i == first and rtt or 0, string.format(". 1:1(0) ack %d win 257", i * 1000 + 1001)) end
  expect.near(c.rto, rto, "20ms")
end
more(0, 4, "400ms", 1.2)
more(4, 8, "800ms", 1.509)
more(8, 12, "400ms", 1.440)
more(12, 16, "400ms", 1.364)
more(16, 20, "400ms", 1.246)
