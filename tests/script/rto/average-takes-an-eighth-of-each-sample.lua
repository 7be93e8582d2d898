-- RFC 6298 2.3: srtt = 7/8 srtt + 1/8 sample; the variance grows with the deviation: 10 ms, then 90: srtt 20 ms.
local c = script.accepted { rtt = "10ms", cc = "reno" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+90ms", ". 1:1(0) ack 1001 win 257")
expect.near(c.srtt, 0.020, "1ms")
