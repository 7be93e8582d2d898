-- RFC 9293 3.10.7.4: an ACK of what was not sent gets a RST with its number; the handshake goes on.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 5 win 257")
script.expect("R 5:5(0)")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept().state, "ESTABLISHED")
