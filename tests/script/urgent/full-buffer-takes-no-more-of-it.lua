-- A full send buffer still takes what its last segment has room for, which may be several MSS long.
-- With urgent data a segment is filled up to one MSS only: there is no room.  Seen on Linux 6.18.
local c = script.accepted { rtt = "10ms", win = 257, cc = "reno", sndbuf = 4608 }
script.inject(". 1:1(0) ack 1 win 0")
expect.equal(c:write(10000), 10000)
expect.equal(c:write(1), 1)
expect.equal(c:write(1, "urgent") > 0, false)
expect.equal(c:write(1), 1)
