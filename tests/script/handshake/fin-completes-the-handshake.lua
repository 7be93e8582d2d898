-- RFC 9293 3.10.7.4: the FIN acknowledges our SYN as well; the connection opens and is half closed.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", "F. 1:1(0) ack 1 win 257")
script.expect(". 1:1(0) ack 2")
expect.equal(script.accept().state, "CLOSE_WAIT")
