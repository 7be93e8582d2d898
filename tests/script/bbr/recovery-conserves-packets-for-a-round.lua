-- BBR in Linux (bbr_set_cwnd_to_recover_or_restore): a recovery begins with what is in flight plus what was delivered,
-- and for a round trip sends no more than is delivered; then the window grows again, and at the end it is at least what
-- it was before.  The windows were seen on Linux 6.18.
local c = script.accepted { rtt = "50ms", cc = "bbr" }
local function after(delay, ack, cwnd)
  script.inject(delay, ". 1:1(0) ack " .. ack)
  expect.equal(c.cwnd, cwnd)
end
c:write(20000)
script.sleep("40ms")
expect.equal(c.cwnd, 10)
after("10ms", "1 win 257 <nop,nop,sack 1001:2001>", 11)
after("1ms", "1 win 257 <nop,nop,sack 1001:3001>", 12)
after("1ms", "1 win 257 <nop,nop,sack 1001:4001>", 11) -- the first is lost
after("20ms", "1 win 257 <nop,nop,sack 1001:7001>", 11)
after("10ms", "1 win 257 <nop,nop,sack 1001:9001>", 11)
after("40ms", "10001 win 257", 13)
after("40ms", "15001 win 257", 18)
after("40ms", "19001 win 257", 22)
