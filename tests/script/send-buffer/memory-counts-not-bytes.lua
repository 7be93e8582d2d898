-- socket(7): the bookkeeping counts.  An sk_buff with one byte takes 833 bytes in Linux 6.18 (without wireless and
-- tunnels); a new one is made as long as less than SO_SNDBUF is in use: of 10,000 bytes thirteen.
local c = script.accepted { rtt = "10ms", win = 1000, sndbuf = 5000 }
local taken = 0
while c:write(1, "eor") == 1 do taken = taken + 1 end
expect.equal(c.sndbuf, 10000)
expect.equal(taken, 13)
expect.equal(c.wmem_queued, 13 * 833)
