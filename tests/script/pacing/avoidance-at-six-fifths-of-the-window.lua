-- net.ipv4.tcp_pacing_ca_ratio = 120: behind the threshold, which is remembered here of an earlier connection, the rate is
-- 1.2 times the window in a round trip: 11 segments in 100 ms make 132 kB/s, two each 15.2 ms; the first ones, which
-- come late, make up for half of that.
script.host { sysctl = { ["net.ipv4.tcp_no_ssthresh_metrics_save"] = 0, ["net.ipv4.tcp_early_retrans"] = 0 } }
script.tolerance("300us")
local c = script.connected { rtt = "100ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 1 win 65535 <nop,nop,sack 1001:4001>")
script.expect(". 1:1001(1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 65535")
c:shutdown()
script.expect("F. 10001:10001(0) ack 1")
script.inject("+100ms", "F. 1:1(0) ack 10002 win 65535")
script.expect(". 10002:10002(0) ack 2")
c = script.connected { rtt = "100ms", cc = "reno", max_pacing_rate = 1000000000 }
expect.equal(c.ssthresh, 5)
c:write(30000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 65535")
expect.equal(c.cwnd, 11)
for n = 10001, 18001, 2000 do
  script.expect(n == 10001 and "+0ms" or n == 12001 and "+7576us" or "+15152us", (". %d:%d(1000) ack 1"):format(n, n + 1000))
  script.expect(("P. %d:%d(1000) ack 1"):format(n + 1000, n + 2000))
end
