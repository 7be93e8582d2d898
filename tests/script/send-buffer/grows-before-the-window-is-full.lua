-- ... but it is asked after each sk_buff that leaves: of four packets the first two leave the window of twelve unfilled.
-- Then the buffer has room for twice the window in sk_buffs of 2,304 bytes (Linux 6.18, tcp_sndbuf_expand()).
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000 }
repeat until c:write(1000) <= 0
expect.equal(c.sndbuf, 2 * 10 * 2304)
script.inject("+10ms", ". 1:1(0) ack 2001 win 1000")
expect.equal(c.cwnd, 12)
expect.equal(c.unacked, 12)
expect.equal(c.sndbuf, 2 * 12 * 2304)
