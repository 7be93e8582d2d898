-- RFC 9293 3.10.7.2 would keep the data of a SYN until the handshake is over; Linux does not, without Fast Open: it is
-- not acknowledged, and comes again.
script.listen()
script.inject("S 0:500(500) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", "P. 1:501(500) ack 1 win 257")
script.expect(". 1:1(0) ack 501")
expect.equal(script.accept().ready, 500)
