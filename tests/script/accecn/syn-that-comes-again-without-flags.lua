-- RFC 9768 3.1.4.2: the flags of a repeated SYN are no new request, but they went missing on the way or were given up by the
-- client: what the server sends is not ECN-capable, while its feedback goes on.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+700ms", "S 0:0(0) win 29200 <mss 980>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 333")
script.accept():write(300)
script.expect("[noecn] EAP. 1:301(300) ack 1")
