-- A report waits with its ACK, but not longer than until the next segment off the fast path, as one
-- with another window is (tcp_data_queue()).  Sixteen segments use up the quick ACKs.  Seen on Linux
-- 6.18.
script.accepted { rtt = "20ms" }
for i = 0, 15 do
    script.inject("+1ms", ("P. %d:%d(100) ack 1 win 257"):format(1 + i * 100, 101 + i * 100))
    script.expect((". 1:1(0) ack %d"):format(101 + i * 100))
end
script.inject("+85ms", "P. 1551:1651(100) ack 1 win 257")
script.inject("+10ms", "P. 1651:1701(50) ack 1 win 258")
script.expect("+30ms~34ms", ". 1:1(0) ack 1701")
