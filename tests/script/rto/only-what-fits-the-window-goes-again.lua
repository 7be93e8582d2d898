-- RFC 9293 3.8.6: a retransmission does not go beyond a window that became smaller, though it goes.
script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0 } }
local c = script.accepted { rtt = "10ms", offer = "mss 1000,sackOK", win = 3000 }
c:write(3000)
script.expect(". 1:1001(1000) ack 1") script.expect("P. 1001:2001(1000) ack 1") script.expect("P. 2001:3001(1000) ack 1")
script.inject("+10ms", ". 1:1(0) ack 1001 win 400")
script.expect("+200ms~220ms", ". 1001:1401(400) ack 1")
