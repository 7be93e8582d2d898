-- A segment that the host's own queue refuses (NET_XMIT_DROP) has not been sent: the timer of probes tries it again after
-- the RTO, 210 ms, then each 500 ms; the window is halved, once, and nothing is a retransmission.  Seen on Linux 6.18
-- with tc qdisc add dev ... root pfifo limit 0.
local port = script.host():iface(1)
local c = script.accepted { rtt = "10ms", cc = "reno" }
port.queue = "pfifo limit 0"
c:write(1000)
expect.equal(c.ssthresh, 5)
expect.equal(c.cwnd, 10)
expect.equal(c.unacked, 0)
script.silence("1100ms")
port.queue = "pfifo"
script.expect("+110ms", "P. 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1001 win 257")
expect.equal(c.cwnd, 5)
expect.equal(c.retrans, 0)
