-- A FIN waits like data: FIN_WAIT1 from close on, the first try after the RTO, then each 500 ms, with PSH as all that
-- this timer sends.  Seen on Linux 6.18 with pfifo limit 0.
local port = script.host():iface(1)
local c = script.accepted { rtt = "10ms" }
port.queue = "pfifo limit 0"
c:shutdown()
expect.equal(c.state, "FIN_WAIT1")
expect.equal(c.unacked, 0)
script.silence("700ms")
port.queue = "pfifo"
script.expect("+10ms", "FP. 1:1(0) ack 1")
