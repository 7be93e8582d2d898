-- net.ipv4.tcp_retrans_collapse = 0: segments stay what they were.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_retrans_collapse"] = 0 } }
local c = script.accepted { rtt = "40ms", cc = "reno" }
c:write(500)
script.expect("P. 1:501(500) ack 1")
c:close()
script.expect("F. 501:501(0) ack 1")
script.expect("+240ms", "P. 1:501(500) ack 1")
