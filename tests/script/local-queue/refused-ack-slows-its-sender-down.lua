-- An ACK without data that the host's own queue refuses halves the window, too, and nobody sends it again.  Seen on
-- Linux 6.18 with pfifo limit 0.
local port = script.host():iface(1)
local c = script.accepted { rtt = "10ms", cc = "reno" }
port.queue = "pfifo limit 0"
script.inject("P. 1:1001(1000) ack 1 win 257")
script.silence("1s")
expect.equal(c.ssthresh, 5)
port.queue = "pfifo"
c:write(500)
script.expect("P. 1:501(500) ack 1001")
script.inject("+10ms", ". 1001:1001(0) ack 501 win 257")
expect.equal(c.cwnd, 5)
