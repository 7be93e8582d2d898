-- RFC 9293 3.10.7.4: an ACK in the middle of a segment leaves the rest of it to be sent again.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms" }
c:write(1000)
script.expect("P. 1:1001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 401 win 257")
script.expect("+200ms~220ms", "P. 401:1001(600) ack 1")
