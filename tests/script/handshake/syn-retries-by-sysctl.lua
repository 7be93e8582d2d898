-- net.ipv4.tcp_syn_retries = 2 is the time of two retransmissions that double, 7 s, as TCP_SYNCNT is: five linear ones
-- and one more fit into it, and ETIMEDOUT is at the end of it.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_syn_retries"] = 2 } }
local c = script.connect()
script.expect("S 0:0(0) <...>")
for _ = 1, 5 do script.expect("+1s", "S 0:0(0) <...>") end
script.silence("1900ms")
expect.equal(c.closed, false)
script.silence("500ms")
expect.equal(c.error, 110)
