-- RFC 9768 3.1.1: AE, CWR and ECE ask; the answer encodes the ECN field of the SYN, the ACK of
-- the handshake that of the SYN-ACK; then the counter of CE packets begins at 5 (3.2.1).
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("[noecn] SEWA 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+50ms", "SW. 0:0(0) ack 1 win 31000 <mss 1460,ECN e0b 1 ceb 0 e1b 1,nop,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] W. 1:1(0) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
c:write(700)
script.expect("[ect0] EAP. 1:701(700) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
