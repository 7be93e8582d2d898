-- tcp_sndbuf_expand(), net.ipv4.tcp_wmem: the send buffer has room for twice the congestion window, so that it does not
-- limit it: when the window grew from 10 to 20 packets, more is taken than the ACK of ten of them has freed.  (If the
-- window is full already Linux sees no need; here the peer's is the lesser.)  The numbers are those of Linux 6.18.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 118 }
expect.equal(c:write(1000000), 38000)
script.inject("+10ms", ". 1:1(0) ack 10001 win 118")
script.sleep("1ms")
expect.equal(c.cwnd, 20)
expect.equal(c:write(1000000), 56000)
