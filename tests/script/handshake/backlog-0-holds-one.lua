-- Linux: the queue holds backlog + 1 connections, so that a backlog of 0 still accepts one.
script.listen { backlog = 0 }
script.inject("S 0:0(0) win 32792 <mss 1000>")
script.expect("S. 0:0(0) ack 1 <...>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
expect.equal(script.accept().state, "ESTABLISHED")
