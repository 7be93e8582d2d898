-- RFC 9293 3.10.7.4: while the handshake is under way, a SYN out of window is answered by what is expected.
script.listen()
script.inject("S 5000:5000(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 5001 <...>")
script.inject("+10ms", "S 0:0(0) win 32792 <mss 1000>")
script.expect(". 1:1(0) ack 5001")
script.inject("+10ms", ". 5001:5001(0) ack 1 win 257")
expect.equal(script.accept().state, "ESTABLISHED")
