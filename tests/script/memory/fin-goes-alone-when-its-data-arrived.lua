-- A FIN that was added to a segment in flight (net.ipv4.tcp_mem: pressure; Linux's tcp_send_fin()) leaves after a time-out
-- when the ACK for the data has come without it.
script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 0 1000" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000", win = 3000 }
c:write(2500)
script.expect(". 1:1001(1000) ack 1")
script.expect("P. 1001:2001(1000) ack 1")
script.expect("P. 2001:2501(500) ack 1")
c:shutdown()
script.inject("+10ms", ". 1:1(0) ack 2501 win 3000")
script.expect("+150ms~+260ms", "FP. 2501:2501(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 2502 win 3000")
expect.equal(c.state, "FIN_WAIT2")
