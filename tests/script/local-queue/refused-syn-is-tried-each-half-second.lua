-- A SYN that does not leave the host is found out by its time-out, after a second; what that sends is tried each 500 ms.
-- The connection begins with one packet, as after lost SYNs (RFC 5681 3.1).  Seen on Linux 6.18 with pfifo limit 0.
local port = script.host():iface(1)
script.accepted { rtt = "10ms" } -- so that the neighbour is known
port.queue = "pfifo limit 0"
local c = script.connect { cc = "reno" }
script.silence("2700ms")
port.queue = "pfifo"
script.expect("+300ms", "S 0:0(0) <...>")
script.inject("S. 0:0(0) ack 1 win 65535 <mss 1000,sackOK,nop,wscale 7>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.cwnd, 1)
