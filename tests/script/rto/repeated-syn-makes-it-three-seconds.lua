-- RFC 6298 5.7: when the SYN was lost, and no timestamp tells the round-trip time, data begins with a time-out of 3 s.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.connect { cc = "reno" }
script.expect("S 0:0(0) <...>")
script.expect("+1s", "S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1000>")
script.expect(". 1:1(0) ack 1")
expect.equal(c.rto, 3)
expect.equal(c.cwnd, 10)
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+3s", "P. 1:1001(1000) ack 1")
