local c = script.accepted { keepalive = true, keepidle = 10, keepintvl = 5, keepcnt = 3 }
script.expect("+10s", ". 0:0(0) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 257")
script.expect("+10s", ". 0:0(0) ack 1")
expect.equal(c.state, "ESTABLISHED")
