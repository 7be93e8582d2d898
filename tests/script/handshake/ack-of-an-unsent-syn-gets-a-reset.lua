-- RFC 9293 3.5.1 (half-open): the RST has the ACK's number.
script.connect()
script.expect("S 0:0(0) <...>")
script.inject("+10ms", ". 500:500(0) ack 300 win 257")
script.expect("R 300:300(0)")
