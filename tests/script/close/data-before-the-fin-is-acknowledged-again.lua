-- An old retransmission that ends before the FIN is only late (RFC 9293 3.10.7.4).  Seen on Linux 6.18.
script.accepted { rtt = "20ms" }
script.inject("FP. 1:101(100) ack 1 win 257")
script.expect("+40ms", ". 1:1(0) ack 102")
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
script.expect(". 1:1(0) ack 102 <nop,nop,sack 1:101>")
