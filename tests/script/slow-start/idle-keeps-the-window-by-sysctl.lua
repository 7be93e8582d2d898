script.host { sysctl = { ["net.ipv4.tcp_slow_start_after_idle"] = 0 } }
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(10000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 10001 win 257")
script.sleep("2s")
c:write(1000)
script.expect("P. 10001:11001(1000) ack 1")
expect.equal(c.cwnd, 20)
