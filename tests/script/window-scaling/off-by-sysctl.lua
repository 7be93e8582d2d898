script.host { sysctl = { ["net.ipv4.tcp_window_scaling"] = 0 } }
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0>")
