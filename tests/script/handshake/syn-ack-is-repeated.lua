-- net.ipv4.tcp_synack_retries = 5: at 1, 3, 7, 15, 31 s.
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
for _, d in ipairs { 1, 2, 4, 8, 16 } do script.expect(d, "S. 0:0(0) ack 1 <...>") end
script.silence("100s")
expect.equal(host:counters().TcpRetransSegs, 5)
expect.equal(host:counters().TcpExtTCPSynRetrans, 5)
expect.equal(host:counters().TcpOutSegs, 6)
