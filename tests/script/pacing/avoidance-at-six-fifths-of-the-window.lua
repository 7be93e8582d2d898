-- net.ipv4.tcp_pacing_ca_ratio = 120: behind the threshold, which is remembered here of an earlier connection, the rate is
-- 1.2 times the window in a round trip: 11 segments in 100 ms make 132 kB/s, two each 15.2 ms; the first ones, which
-- come late, make up for half of that.
script.host { sysctl = { ["net.ipv4.tcp_no_ssthresh_metrics_save"] = 0, ["net.ipv4.tcp_early_retrans"] = 0 } }
script.tolerance("300us")
local c = script.connected { rtt = "100ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
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
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 65535")
expect.equal(c.cwnd, 11)
script.expect("P. 10001:12001(2*1000) ack 1")
script.expect("+7576us", "P. 12001:14001(2*1000) ack 1")
script.expect("+15152us", "P. 14001:16001(2*1000) ack 1")
script.expect("+15152us", "P. 16001:18001(2*1000) ack 1")
script.expect("+15152us", "P. 18001:20001(2*1000) ack 1")
