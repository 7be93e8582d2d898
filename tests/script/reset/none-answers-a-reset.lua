-- RFC 9293 3.10.7.1.
script.host()
script.inject("R 0:0(0) win 0")
script.silence("10ms")
script.inject("R. 0:0(0) ack 1 win 0")
script.silence("10ms")
