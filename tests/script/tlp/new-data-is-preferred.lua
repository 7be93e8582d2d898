-- RFC 8985 7.3: what was not sent yet probes as well; here the window of congestion is full.
local c = script.accepted { rtt = "50ms" }
c:write(11000)
script.expect("P. 1:10001(5*2*1000) ack 1")
script.expect("+102ms", "P. 10001:11001(1000) ack 1")
