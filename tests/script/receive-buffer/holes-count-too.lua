-- What waits for a hole counts as well, and small segments share the memory of the one before them there, too
-- (tcp_ooo_try_coalesce(), Linux 6.18).
local c = script.accepted { rtt = "10ms" }
for i = 0, 2 do script.inject((". %d:%d(1) ack 1 win 257"):format(11 + i, 12 + i)) end
expect.equal(c.rmem_alloc, 832)
script.inject(". 21:1021(1000) ack 1 win 257")
expect.equal(c.rmem_alloc, 832 + 2304)
