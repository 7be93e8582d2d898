-- RFC 9293 3.10.7.2.
script.listen()
script.inject(". 1:1(0) ack 1000 win 257")
script.expect("R 1000:1000(0)")
script.inject("S. 0:0(0) ack 1000 win 257")
script.expect("R 1000:1000(0)")
