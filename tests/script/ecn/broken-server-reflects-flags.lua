-- RFC 3168 6.1.1: a SYN-ACK with ECE and CWR reflects the reserved bits of the SYN; it is no
-- agreement.  (A 6.18 kernel was seen to take it for accurate ECN, which it had not asked for; RFC 9768 3.1.2 knows no
-- such answer either.)
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 1 } }
local c = script.connect()
script.expect("SEW 0:0(0) <...>")
script.inject("+10ms", "SEW. 0:0(0) ack 1 win 32767 <mss 1000,nop,wscale 6,nop,nop,sackOK>")
script.expect("[noecn] . 1:1(0) ack 1")
c:write(1000)
script.expect("[noecn] P. 1:1001(1000) ack 1")
