-- Without any pages (net.ipv4.tcp_mem) a write that makes the send buffer full is taken whole, for who is above its
-- buffer can be made to wait (Linux's __sk_mem_raise_allocated()): 3,000 bytes behind the first 1,000 are, and then none.
script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 100 0" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK", win = 60000, cork = true }
expect.equal(c:write(1000), 1000)
expect.equal(c.sndbuf > 40000, true)
expect.equal(c:write(3000), 3000)
expect.equal(c.sndbuf, 4608)
