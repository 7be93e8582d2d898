-- RFC 6582 4.1: after recovery without SACK duplicate ACKs of the retransmitted range do not start another one.
local c = script.accepted { rtt = "40ms", cc = "reno", offer = "mss 1000,nop,wscale 7" }
c:write(6000)
script.expect("P. 1:6001(3*2*1000) ack 1")
for _ = 1, 3 do script.inject("+1ms", ". 1:1(0) ack 1 win 257") end
script.expect(". 1:1001(1000) ack 1")
script.inject("+40ms", ". 1:1(0) ack 6001 win 257")
for _ = 1, 3 do script.inject("+1ms", ". 1:1(0) ack 6001 win 257") end
script.silence("500ms")
expect.equal(c.ssthresh, 5)
