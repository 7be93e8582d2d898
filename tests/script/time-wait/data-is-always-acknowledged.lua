-- RFC 9293 3.10.7.4 answers what arrives in TIME_WAIT; the limit of one answer in half a second
-- (net.ipv4.tcp_invalid_ratelimit) is for ACKs, not for data.  Seen on Linux 6.18.
local c = script.accepted { rtt = "20ms" }
c:shutdown()
script.expect("F. 1:1(0) ack 1")
script.inject("+5ms", ". 1:1(0) ack 2 win 257")
c:close()
script.inject("+1ms", "F. 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+5ms", ". 1:1(0) ack 2 win 257")
script.expect(". 2:2(0) ack 2")
script.inject("+5ms", ". 1:1(0) ack 2 win 257")
script.silence("5ms")
for _ = 1, 2 do
    script.inject("+10ms", "P. 2:102(100) ack 2 win 257")
    script.expect(". 2:2(0) ack 2")
end
