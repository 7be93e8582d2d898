-- With no pages left (net.ipv4.tcp_mem: six) data that is in order is taken all the same, at the expense of what waits
-- for a hole, which may be thrown away (RFC 2018 8; OfoPruned): here nine segments of 2,304 bytes behind the first one.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "1 100 6" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK" }
script.inject("+2ms", ". 1:1001(1000) ack 1 win 3000")
for i = 2, 10 do script.inject("+2ms", (". %d:%d(1000) ack 1 win 3000"):format(1000 * i + 1, 1000 * i + 1001)) end
expect.equal(host:counters().TcpExtOfoPruned, 0)
script.inject("+2ms", ". 1001:2001(1000) ack 1 win 3000")
expect.equal(host:counters().TcpExtOfoPruned, 1)
expect.above(c.ready, 1999)
