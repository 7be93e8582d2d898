-- RFC 6298 5.3: an ACK of new data starts the timer again: 10 + 200 ms from there, though the segment left earlier.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(2000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1")
script.inject("+100ms", ". 1:1(0) ack 1001 win 257")
script.silence("150ms")
script.expect("+50ms~160ms", "P. 1001:2001(1000) ack 1")
