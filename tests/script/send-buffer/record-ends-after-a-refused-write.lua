-- MSG_EOR holds for each write that is taken wholly, whatever was refused before: nothing is joined to its end, and two
-- writes of a byte take two sk_buffs.
local c = script.accepted { rtt = "10ms", cc = "reno", win = 1000, sndbuf = 5000 }
while c:write(1, "eor") == 1 do end
script.inject("+10ms", ". 1:1(0) ack 4 win 1000")
local before = c.wmem_queued
expect.equal(c:write(1, "eor"), 1)
expect.equal(c:write(1, "eor"), 1)
expect.equal(c.wmem_queued, before + 2 * 833)
