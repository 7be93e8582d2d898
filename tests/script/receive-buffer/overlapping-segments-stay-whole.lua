-- Linux 6.18: of what waits for a hole, a segment within another one is dropped (TCPOFOMerge), one that overlaps only in
-- part stays whole, with all of its memory (2,304 bytes for 1,000 here); read they are once.
local host = script.host()
local c = script.accepted { rtt = "10ms" }
script.inject(". 1001:2001(1000) ack 1 win 257")
script.inject(". 1501:2501(1000) ack 1 win 257")
expect.equal(c.rmem_alloc, 2 * 2304)
script.inject(". 1201:1401(200) ack 1 win 257")
expect.equal(c.rmem_alloc, 2 * 2304)
expect.equal(host:counters().TcpExtTCPOFOMerge, 1)
script.inject(". 1:1001(1000) ack 1 win 257")
expect.equal(c.rmem_alloc, 3 * 2304)
expect.equal(c.ready, 2500)
expect.equal(c:read(2000), 2000)
expect.equal(c.rmem_alloc, 2304)
expect.equal(c:read(2000), 500)
expect.equal(c.rmem_alloc, 0)
