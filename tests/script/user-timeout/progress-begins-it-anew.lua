-- RFC 5482: the time counts from the oldest data that is unacknowledged, so an answer gives the
-- whole second again.  Seen on Linux 6.18.
local c = script.accepted { rtt = "40ms", cc = "reno", user_timeout = 1000 }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
script.expect("+240ms", "P. 1:1001(1000) ack 1")
script.inject("+110ms", ". 1:1(0) ack 1001 win 257")
script.sleep("100ms")
c:write(1000)
script.expect("P. 1001:2001(1000) ack 1")
script.sleep("900ms")
expect.equal(c.closed, false)
