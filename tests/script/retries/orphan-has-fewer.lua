-- net.ipv4.tcp_orphan_retries: nobody waits for a closed socket's data; (2 << 2) - 1 = 7 times 200 ms are 1.4 s from the
-- first retransmission, and the fourth time-out is past them. Then nobody knows the connection.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_retrans_collapse"] = 0, ["net.ipv4.tcp_orphan_retries"] = 2 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
c:close()
script.expect("F. 1001:1001(0) ack 1")
for _, d in ipairs { 210, 420, 840 } do script.expect(d / 1000, "P. 1:1001(1000) ack 1") end
script.silence("1900ms")
script.inject(". 1:1(0) ack 1 win 257")
script.expect("R 1:1(0)")
