-- Only who was refused makes the buffer grow (SOCK_NOSPACE): a writer that keeps below it does not.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000 }
expect.equal(c:write(10000), 10000)
local first = c.sndbuf
script.inject("+10ms", ". 1:1(0) ack 10001 win 1000")
expect.equal(c.cwnd, 20)
expect.equal(c.sndbuf, first)
