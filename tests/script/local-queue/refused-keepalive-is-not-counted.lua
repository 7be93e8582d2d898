-- A keepalive that does not leave is tried again in 500 ms and is no sign of a dead peer.  Seen on Linux 6.18 with pfifo
-- limit 0 and three probes allowed, a second apart.
local port = script.host():iface(1)
local c = script.accepted { rtt = "10ms", keepalive = true, keepidle = 1, keepintvl = 1, keepcnt = 3 }
port.queue = "pfifo limit 0"
script.silence("4700ms")
expect.equal(c.state, "ESTABLISHED")
port.queue = "pfifo"
script.expect("+300ms", ". 0:0(0) ack 1")
script.expect("+1s", ". 0:0(0) ack 1")
