-- R2 is a time, not a number (Linux since 2.6.32): on a path of 900 ms the same 3 s of net.ipv4.tcp_retries2 = 3 allow
-- one retransmission; the second time-out, 5.4 s behind the first, is past them.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_retries2"] = 3 } }
local c = script.accepted { rtt = "900ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+2700ms", "P. 1:1001(1000) ack 1")
script.silence("5200ms")
expect.equal(c.closed, false)
script.silence("1s")
expect.equal(c.error, 110)
