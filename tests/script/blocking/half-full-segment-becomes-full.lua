-- The send buffer, 10,000 bytes, is asked for each new segment, not for what still fits into the one
-- that is being filled: 16 packets, half of the window.  Ten leave meanwhile and make room in it
-- (26,000 bytes of Linux 6.18).
local c = script.accepted { rtt = "10ms", sndbuf = 5000 }
expect.equal(c:write(40000), 26000)
