-- net.ipv4.tcp_retrans_collapse: what follows and fits goes with it, a FIN too.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(500)
script.expect("P. 1:501(500) ack 1")
c:close()
script.expect("F. 501:501(0) ack 1")
script.expect("+240ms", "FP. 1:501(500) ack 1")
