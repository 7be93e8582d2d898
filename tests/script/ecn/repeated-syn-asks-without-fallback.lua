script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 1, ["net.ipv4.tcp_ecn_fallback"] = 0 } }
script.connect()
script.expect("SEW 0:0(0) <...>")
script.expect("+1s", "SEW 0:0(0) <...>")
