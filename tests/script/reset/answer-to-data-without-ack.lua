-- RFC 9293 3.10.7.1: sequence number 0, and everything that came is acknowledged, SYN and FIN included.
script.host()
script.inject("P 1:101(100) win 257")
script.expect("R. 0:0(0) ack 101")
script.inject("F 1:101(100) win 257")
script.expect("R. 0:0(0) ack 102")
