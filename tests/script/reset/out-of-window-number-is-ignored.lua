local c = script.accepted()
script.inject("+10ms", "R 500000000:500000000(0) win 0")
script.silence("1s")
expect.equal(c.state, "ESTABLISHED")
