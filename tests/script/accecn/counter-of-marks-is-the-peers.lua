-- nstat's TcpExtTCPDeliveredCE with accurate ECN: the packets that the ACE field says were marked (RFC 9768 3.2.2), not all that
-- the ACK delivered, which is what a classic echo stands for (Linux 7.2).
local host = script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 1000>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "W. 1:1(0) ack 1 win 30000")
local c = script.accept()
c:write(4000)
for i = 0, 3 do script.expect((i % 2 == 1 and "EAP. " or "EA. ") .. i * 1000 + 1 .. ":" .. (i + 1) * 1000 + 1 .. "(1000) ack 1") end
script.inject("+50ms", "WA. 1:1(0) ack 4001 win 30000")
expect.equal(c.delivered_ce, 1)
expect.equal(host:counters().TcpExtTCPDeliveredCE, 1)
