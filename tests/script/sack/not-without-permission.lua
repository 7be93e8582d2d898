-- RFC 2018 2.
script.accepted { offer = "mss 1000,nop,wscale 7" }
script.inject("+10ms", ". 1001:2001(1000) ack 1 win 257")
script.expect(". 1:1(0) ack 1")
