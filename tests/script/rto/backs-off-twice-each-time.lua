-- RFC 6298 5.5; RTO = srtt + max(4 * rttvar, 200 ms) = 210 ms.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for _, d in ipairs { "+210ms", "+420ms", "+840ms", "+1680ms" } do script.expect(d, "P. 1:1001(1000) ack 1") end
