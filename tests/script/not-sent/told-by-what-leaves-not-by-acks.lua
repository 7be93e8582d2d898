-- What is sent without an ACK of new data counts too: when the peer's window opens, the queue goes, and who waited for
-- TCP_NOTSENT_LOWAT is told though nothing was acknowledged (since Linux 5.18).
local c = script.accepted { rtt = "10ms", cc = "reno", win = 24, notsent_lowat = 4000, sndbuf = 500000 }
repeat until c:write(1000) <= 0
expect.equal(c.writable, false)
script.inject("+10ms", ". 1:1(0) ack 1 win 1000")
expect.below(2 * c.notsent, 4000)
expect.equal(c:woken(), true)
