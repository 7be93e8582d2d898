-- setsockopt(SO_SNDBUF) of a larger buffer tells who was refused at once (Linux's sk_setsockopt() calls sk_write_space).
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000, sndbuf = 5000 }
repeat until c:write(1000) <= 0
expect.equal(c:woken(), false)
c:set { sndbuf = 50000 }
expect.equal(c.sndbuf, 100000)
expect.equal(c:woken(), true)
