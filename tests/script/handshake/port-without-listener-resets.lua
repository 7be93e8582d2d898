-- RFC 9293 3.10.7.1: the SYN counts in the RST's ACK.
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("R. 0:0(0) ack 1 win 0")
