-- socket(7): SO_SNDBUF fixes the size.  What ten acknowledged segments free can be written, and no more.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 2000, sndbuf = 20000 }
local first = c:write(1000000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 10001 win 2000")
expect.above(c:write(1000000), 0)
expect(c:write(1000000) <= 0, "the buffer is full again")
