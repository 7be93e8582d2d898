-- TCP_DEFER_ACCEPT: the bare ACK does not wake the application, data does.
script.listen { defer_accept = 2 }
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept(), nil)
script.inject("+100ms", "P. 1:11(10) ack 1 win 257")
expect.equal(script.accept().ready, 10)
