-- RFC 2861 3.1 as Linux has it: for each time-out (300 ms) without sending the window is halved, down to the initial one:
-- 40 to 20 after 350 ms.
local c = script.accepted { rtt = "100ms", cc = "reno", sndbuf = 200000, win = 1000 }
c:write(30000)
script.sleep("1ms")
script.inject("+99ms", ". 1:1(0) ack 10001 win 1000")
script.sleep("1ms")
script.inject("+99ms", ". 1:1(0) ack 30001 win 1000")
expect.equal(c.cwnd, 40)
script.sleep("250ms")
c:write(1000)
expect.equal(c.cwnd, 20)
