-- Linux shortens the time-out that would go beyond TCP_USER_TIMEOUT: with 1 s, which Linux counts from the first
-- retransmission, and time-outs of 210, 420, 840 ms the end comes at 1210 ms, not at 1470.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms", user_timeout = 1000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+210ms", "P. 1:1001(1000) ack 1")
script.expect("+420ms", "P. 1:1001(1000) ack 1")
script.silence("550ms")
expect.equal(c.closed, false)
script.silence("130ms")
expect.equal(c.error, 110)
