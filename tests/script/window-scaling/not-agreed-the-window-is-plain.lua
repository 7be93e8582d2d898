-- RFC 7323 2.2: if the SYN-ACK has no window scale, neither end's windows are scaled.
script.connect()
script.expect("S 0:0(0) win 64240 <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 5000 <mss 1000>")
script.expect(". 1:1(0) ack 1 win 64240")
