-- setsockopt(TCP_NOTSENT_LOWAT) of a higher mark tells at once (Linux's do_tcp_setsockopt() calls sk_write_space).
local c = script.accepted { rtt = "10ms", cc = "reno", win = 24, notsent_lowat = 4000, sndbuf = 500000 }
repeat until c:write(1000) <= 0
expect.equal(c:woken(), false)
c:set { notsent_lowat = 100000 }
expect.equal(c:woken(), true)
