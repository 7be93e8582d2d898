-- Linux's tcp_should_expand_sndbuf(): with the congestion window full a larger buffer would be of no use.  One packet is
-- acknowledged, two leave together and fill the window of eleven: it stays.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000 }
repeat until c:write(1000) <= 0
local first = c.sndbuf
script.inject("+10ms", ". 1:1(0) ack 1001 win 1000")
expect.equal(c.cwnd, 11)
expect.equal(c.unacked, 11)
expect.equal(c.sndbuf, first)
