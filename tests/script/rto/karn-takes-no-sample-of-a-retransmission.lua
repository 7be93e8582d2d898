-- RFC 6298 3: without timestamps the estimate stays as it was.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
local before = c.srtt
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+210ms", "P. 1:1001(1000) ack 1")
script.inject("+300ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.srtt, before)
