-- RFC 7323 2.2: 32792, not 32792 << 7.
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,nop,nop,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 100")
expect.equal(script.accept().snd_wnd, 12800)
