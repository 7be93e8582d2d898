-- Under pressure (net.ipv4.tcp_mem) too a FIN goes with what was not sent yet, not with what was (Linux's tcp_send_fin()).
script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 0 1000" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000", win = 2000 }
c:write(2500)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
c:shutdown()
script.inject("+10ms", ". 1:1(0) ack 2001 win 2000")
script.expect("FP. 2001:2501(500) ack 1")
