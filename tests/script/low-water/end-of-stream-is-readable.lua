-- POSIX poll: a FIN makes a connection readable, whatever SO_RCVLOWAT says: a read will not wait.
local c = script.accepted { rtt = "10ms" }
c:rcvlowat(3000)
script.inject("+10ms", "P. 1:101(100) ack 1 win 257")
expect.equal(c.readable, false)
script.inject("+10ms", "F. 101:101(0) ack 1 win 257")
expect.equal(c.readable, true)
