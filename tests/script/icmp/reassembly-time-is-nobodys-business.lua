-- Linux drops the time-exceeded message of a host that could not put a datagram together again
-- (code 1) before a protocol sees it: the end is ETIMEDOUT.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", user_timeout = 1000 }
script.inject("+1ms", ". 1:1(0) ack 1 win 0")
script.sleep("9ms")
c:write(1000)
script.expect("+240ms", ". 0:0(0) ack 1")
script.icmp("reassembly time exceeded", 1)
script.expect("+480ms~510ms", ". 0:0(0) ack 1")
script.silence("1100ms")
expect.equal(c.error, 110) -- ETIMEDOUT
