script.host { sysctl = { ["net.ipv4.tcp_slow_start_after_idle"] = 0 } }
local c = script.accepted { rtt = "100ms", cc = "reno" }
c:write(10000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+100ms", ". 1:1(0) ack 10001 win 257")
script.sleep("2s")
c:write(1000)
script.expect("P. 10001:11001(1000) ack 1")
expect.equal(c.cwnd, 20)
