-- net.ipv4.tcp_synack_retries = 1: one repetition.
script.host { sysctl = { ["net.ipv4.tcp_synack_retries"] = 1 } }
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.expect("+1s", "S. 0:0(0) ack 1 <...>")
script.silence("10s")
script.inject(". 1:1(0) ack 1 win 257")
script.expect("R 1:1(0)")
