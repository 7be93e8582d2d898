-- RFC 9937 6.2: seven of ten are lost at once, so that less is in flight than the threshold of 5.  The three delivered ones
-- allow three retransmissions, not five (reduction bound); an ACK that advances and finds no new loss allows one more
-- than it delivers (slow start bound).
local c = script.accepted { rtt = "40ms", cc = "reno", win = 500 }
c:write(30000)
for i = 0, 9 do script.expect((i % 2 == 1 and "P" or "") .. (". %d:%d(1000) ack 1"):format(1 + i * 1000, 1001 + i * 1000)) end
script.inject("+40ms", ". 1:1(0) ack 1 win 500 <nop,nop,sack 7001:10001>")
expect.equal(c.lost, 7)
for n = 1, 2001, 1000 do script.expect((n == 1001 and "P" or "") .. (". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.silence("20ms")
script.inject("+20ms", ". 1:1(0) ack 1001 win 500 <nop,nop,sack 7001:10001>")
for n = 3001, 4001, 1000 do script.expect((". %d:%d(1000) ack 1"):format(n, n + 1000)) end
script.silence("1ms")
