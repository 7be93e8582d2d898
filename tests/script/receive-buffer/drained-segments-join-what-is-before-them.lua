-- Linux 6.18, tcp_ofo_queue(): when the hole is filled, a small segment that waited moves into the room behind the bytes
-- of the one before it, and its own memory is free (832 bytes for each of these two, 832 for both).
local c = script.accepted { rtt = "10ms" }
script.inject(". 11:21(10) ack 1 win 257")
expect.equal(c.rmem_alloc, 832)
script.inject(". 1:11(10) ack 1 win 257")
expect.equal(c.ready, 20)
expect.equal(c.rmem_alloc, 832)
