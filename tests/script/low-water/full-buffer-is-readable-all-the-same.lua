-- Linux 6.18 (tcp_epollin_ready()): when more than seven eighths of a receive buffer are in use, 8,192 bytes here, the
-- connection is readable, however high SO_RCVLOWAT is: nothing more could come.  Of segments of 100 bytes, 832 each, eight
-- are less.
local c = script.accepted { rtt = "10ms", rcvbuf = 4096 }
c:rcvlowat(4096)
local function segment(i) script.inject("+1ms", (". %d:%d(100) ack 1 win 257"):format(1 + 100 * i, 101 + 100 * i)) end
for i = 0, 7 do segment(i) end
expect.equal(c.rmem_alloc, 8 * 832)
expect.equal(c.readable, false)
segment(8)
expect.equal(c.readable, true)
