-- Under pressure (net.ipv4.tcp_mem) a FIN leaves at once if there is no segment it could be added to (tcp_send_fin()):
-- here received data is what memory is short for.
local host = script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 0 1000" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000", win = 3000 }
script.inject("+1ms", ". 1:1001(1000) ack 1 win 3000")
script.expect(". 1:1(0) ack 1001")
expect.equal(host:counters().TcpExtTCPMemoryPressures, 1)
c:shutdown()
script.expect("F. 1:1(0) ack 1001")
