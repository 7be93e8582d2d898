-- RFC 5961 5.2: older than the largest window ever offered.
script.accepted { rtt = "10ms" }
script.inject("+10ms", ". 1:1(0) ack 4000000000 win 257")
script.expect(". 1:1(0) ack 1")
