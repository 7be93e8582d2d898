-- When a buffer set by hand is full, and collapsing does not help, what waits for a hole is thrown away, the farthest first
-- and an eighth of the buffer at a time (tcp_prune_ofo_queue(), OfoPruned; RFC 2018 8 allows it), but not for what lies
-- even farther (TCPOFODrop).  Seen on Linux 6.18.
local host = script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", rcvbuf = 4096, offer = "mss 1000,sackOK" }
local function count(name) return host:counters()["TcpExt" .. name] end
local function beyond(i) script.inject("+2ms", (". %d:%d(100) ack 1 win 3000"):format(200 * i + 101, 200 * i + 201)) end
for i = 1, 10 do beyond(i) end
expect.equal(c.rmem_alloc, 10 * 832)
beyond(11)
script.sleep("20ms")
expect.equal(count("TCPOFODrop"), 1)
expect.equal(count("OfoPruned"), 0)
expect.equal(c.rmem_alloc, 10 * 832)
script.inject(". 1:101(100) ack 1 win 3000")
script.sleep("60ms")
expect.equal(count("OfoPruned"), 1)
expect.equal(count("RcvPruned"), 1)
expect.equal(c.rmem_alloc, (10 - 2 + 1) * 832)
script.inject(". 101:301(200) ack 1 win 3000")
expect.equal(c.ready, 400)
