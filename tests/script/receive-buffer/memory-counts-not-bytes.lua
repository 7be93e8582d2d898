-- socket(7): the bookkeeping counts, and is free when a segment was read to its end.  A segment of 100 bytes takes 832,
-- one of 1,000 2,304 (Linux 6.18, what comes by TUN); half of one is read, and nothing is free.
local c = script.accepted { rtt = "10ms" }
script.inject(". 1:101(100) ack 1 win 257")
expect.equal(c.rmem_alloc, 832)
script.inject(". 101:1101(1000) ack 1 win 257")
expect.equal(c.rmem_alloc, 832 + 2304)
expect.equal(c:read(600), 600)
expect.equal(c.rmem_alloc, 2304)
expect.equal(c:read(600), 500)
expect.equal(c.rmem_alloc, 0)
