-- RFC 3168 6.1.1.1, net.ipv4.tcp_ecn_fallback: somebody may drop such SYNs.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 1 } }
script.connect()
script.expect("SEW 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
