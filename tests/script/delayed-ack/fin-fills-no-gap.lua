-- What waited behind a FIN is thrown away, and nothing was filled: the ACK may wait as for any FIN
-- (RFC 5681 4.2 wants haste for gaps only).  Sixteen segments use up the quick ACKs.  Seen on
-- Linux 6.18.
script.accepted { rtt = "20ms" }
for i = 0, 15 do
    script.inject("+1ms", ("P. %d:%d(100) ack 1 win 257"):format(1 + i * 100, 101 + i * 100))
    script.expect((". 1:1(0) ack %d"):format(101 + i * 100))
end
script.inject("+1ms", "P. 1601:1701(100) ack 1 win 257")
script.inject("+14ms", "P. 2001:2101(100) ack 1 win 257")
script.expect(". 1:1(0) ack 1701 <nop,nop,sack 2001:2101>")
script.inject("+10ms", "F. 1701:1701(0) ack 1 win 257")
script.expect("+40ms", ". 1:1(0) ack 1702")
