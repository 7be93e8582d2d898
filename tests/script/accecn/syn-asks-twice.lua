-- RFC 9768 3.1.4.1: the SYN asks twice, then no more.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.connect()
script.expect("[noecn] SEWA 0:0(0) <...>")
script.expect("+1s", "[noecn] SEWA 0:0(0) <...>")
script.expect("+1s", "[noecn] S 0:0(0) <...>")
