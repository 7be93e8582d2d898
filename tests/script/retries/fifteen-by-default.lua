-- net.ipv4.tcp_retries2 = 15: 1,023 times 200 ms and six times 120 s are 924.6 s from the first retransmission (Linux's
-- ip-sysctl).  From 210 ms the time-out doubles to 107.52 s, then it is 120 s; the sixteenth is the first one past that.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
for k = 0, 9 do script.expect(0.21 * 2 ^ k, "P. 1:1001(1000) ack 1") end
for _ = 1, 5 do script.expect("+120s", "P. 1:1001(1000) ack 1") end
script.silence("119s")
expect.equal(c.closed, false)
script.silence("2s")
expect.equal(c.error, 110)
