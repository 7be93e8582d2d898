-- RFC 9293 3.8.6: a window that closes over data under way: the data goes again by its time-out, as if it were a probe.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 0")
script.expect("+200ms", "P. 1:1001(1000) ack 1")
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1 win 0")
script.expect("+830ms", "P. 1:1001(1000) ack 1")
expect.equal(c.state, "ESTABLISHED")
