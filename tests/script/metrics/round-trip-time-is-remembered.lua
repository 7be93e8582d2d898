-- Linux (tcp_init_metrics()): the time-out of a new connection is that of the last one's round trip until it has its own:
-- the SYN-ACK is not timed when the SYN went twice (Karn), and the path of 400 ms is known to need more than a second
-- no longer.
local c = script.connected { rtt = "400ms", cc = "reno" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+400ms", ". 1:1(0) ack 1001 win 65535")
c:shutdown()
script.expect("F. 1001:1001(0) ack 1")
script.inject("+400ms", "F. 1:1(0) ack 1002 win 65535")
script.expect(". 1002:1002(0) ack 2")
local d = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.inject("+400ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.between(d.rto, 0.6, 2.9)
