-- RFC 3168 6.1.4.
script.listen()
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.inject("+10ms", "[ect0] P. 1:1001(1000) ack 1 win 257")
script.expect("[noecn] . 1:1(0) ack 1001")
