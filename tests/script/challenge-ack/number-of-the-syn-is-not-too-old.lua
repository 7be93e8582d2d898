-- RFC 5961 5.2: what was acknowledged may be acknowledged again, the own SYN too; only what is
-- older smells of an attack.  Seen on Linux 6.18.
script.connected { rtt = "20ms" }
script.inject(". 1:1(0) ack 0 win 257")
script.silence("10ms")
script.inject(". 1:1(0) ack 4294967295 win 257")
script.expect(". 1:1(0) ack 1")
