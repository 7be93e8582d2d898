-- RFC 3168 6.1.1: an ECN-setup SYN has ECE and CWR; a SYN-ACK with ECE alone agrees.  New data is
-- sent with ECT(0).
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 1 } }
local c = script.connect()
script.expect("[noecn] SEW 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+10ms", "SE. 0:0(0) ack 1 win 32767 <mss 1000,nop,wscale 6,nop,nop,sackOK>")
script.expect("[noecn] . 1:1(0) ack 1")
c:write(1000)
script.expect("[ect0] P. 1:1001(1000) ack 1")
