-- net.ipv4.tcp_ecn = 4: agree to the accurate kind, ask for the classic one.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 4 } }
script.connect()
script.expect("SEW 0:0(0) <...>")
