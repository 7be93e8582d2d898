-- net.ipv4.tcp_ecn = 5: agree, do not ask.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 5 } }
script.connect()
script.expect("S 0:0(0) <...>")
