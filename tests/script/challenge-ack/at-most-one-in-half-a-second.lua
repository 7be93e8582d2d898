-- net.ipv4.tcp_invalid_ratelimit = 500 ms.
script.accepted()
script.inject("+10ms", "S 1:1(0) win 32792 <mss 1000>")
script.expect(". 1:1(0) ack 1")
script.inject("+100ms", "S 1:1(0) win 32792 <mss 1000>")
script.silence("300ms")
script.inject("+200ms", "S 1:1(0) win 32792 <mss 1000>")
script.expect(". 1:1(0) ack 1")
