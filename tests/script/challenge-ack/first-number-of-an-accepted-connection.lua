-- The other end acknowledged our SYN to the request, which is no connection yet: the number of the
-- SYN is too old for the connection.  Seen on Linux 6.18.
script.accepted { rtt = "20ms" }
script.inject(". 1:1(0) ack 0 win 257")
script.expect(". 1:1(0) ack 1")
