-- What waits for a hole without a gap in it is copied into full pages before any is thrown away (tcp_collapse_ofo_queue()):
-- ten segments of 100 bytes, 832 each, into one buffer of 2,304 that has room for the next.  Seen on Linux 6.18.
local host = script.host { sysctl = { ["net.ipv4.tcp_moderate_rcvbuf"] = 0 } }
local c = script.accepted { rtt = "10ms", rcvbuf = 4096, offer = "mss 1000,sackOK" }
local function beyond(i) script.inject("+2ms", (". %d:%d(100) ack 1 win 3000"):format(100 * i + 101, 100 * i + 201)) end
for i = 1, 10 do beyond(i) end
expect.equal(c.rmem_alloc, 10 * 832)
beyond(11)
expect.equal(c.rmem_alloc, 2304)
local counters = host:counters()
expect.equal(counters.TcpExtTCPRcvCollapsed, 10)
expect.equal(counters.TcpExtOfoPruned, 0)
script.inject("+2ms", ". 1:201(200) ack 1 win 3000")
expect.equal(c.ready, 1300)
