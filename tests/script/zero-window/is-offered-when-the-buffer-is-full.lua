-- RFC 9293 3.8.6: nobody reads; three segments are taken, the fourth finds no room, and the window is 0: whatever comes
-- then is thrown away and answered by that.  SO_RCVBUF is doubled (socket(7)).  Seen on Linux 6.18.
local c = script.accepted { rcvbuf = 4000 }
local function segment(n) script.inject("+10ms", (". %d:%d(1000) ack 1 win 257"):format(n, n + 1000)) end
segment(1)
script.expect(". 1:1(0) ack 1001 win 2000")
segment(1001)
segment(2001)
script.silence("5ms")
for n = 3001, 9001, 1000 do
  segment(n)
  script.expect(". 1:1(0) ack 3001 win 0")
end
expect.equal(c.ready, 3000)
