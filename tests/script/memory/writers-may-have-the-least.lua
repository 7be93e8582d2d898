-- Without any pages (net.ipv4.tcp_mem) a writer may still fill the first number of net.ipv4.tcp_wmem, 4,096 bytes with what
-- is around the data: of what it writes then, as much is taken as fits (Linux's tcp_wmem_schedule()).
script.host { sysctl = { ["net.core.mem_pcpu_rsv"] = 1, ["net.ipv4.tcp_mem"] = "0 100 0" } }
local c = script.accepted { rtt = "10ms", offer = "mss 1460,sackOK", win = 60000, cork = true }
local taken
repeat
  taken = c:write(100)
until taken < 100
expect.between(taken, 1, 99)
expect.equal(c.wmem_queued, 4096)
expect.equal(c.sndbuf, 4608)
