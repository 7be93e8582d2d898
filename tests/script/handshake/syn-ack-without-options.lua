script.listen()
script.inject("S 0:0(0) win 32792")
script.expect("S. 0:0(0) ack 1 <mss 1460>")
