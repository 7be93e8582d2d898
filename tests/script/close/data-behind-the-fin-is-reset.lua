-- A peer that sent its FIN has no more data: what goes beyond it is answered by RST (RFC 1122
-- 4.2.2.13), and read() finds the broken pipe.  Seen on Linux 6.18 (TCPAbortOnData).
script.accepted { rtt = "20ms" }
script.inject("F. 1:1(0) ack 1 win 257")
script.expect(". 1:1(0) ack 2")
script.inject("+10ms", "P. 1:51(50) ack 1 win 257")
script.expect("R 1:1(0)")
script.inject("+10ms", ". 2:2(0) ack 1 win 257")
script.expect("R 1:1(0)")
