-- Under pressure (net.ipv4.tcp_mem) a FIN gets no segment of its own while something is in flight: it is added to the
-- last segment sent, as if it had been in it, and leaves when that is sent again (Linux's tcp_send_fin()).
script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 0 1000" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000", win = 3000 }
c:write(2500)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:2501(500) ack 1")
c:shutdown()
script.inject("+10ms", ". 1:1(0) ack 2001 win 3000")
script.expect("+200ms~+260ms", "FP. 2001:2501(500) ack 1")
script.inject("+10ms", "F. 1:1(0) ack 2502 win 3000")
script.expect(". 2502:2502(0) ack 2")
