-- All of a connection that asks is ECN-capable, retransmissions and FIN included (RFC 9768 with
-- RFC 8311); the option takes 12 bytes of each segment.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+100ms", "[ect0] SW. 0:0(0) ack 1 win 31000 <mss 912,ECN e0b 1 ceb 0 e1b 1,nop,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] A. 1:1(0) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
c:write(2700)
script.expect("[ect0] .5 1:901(900) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.expect("[ect0] P.5 901:1801(900) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.expect("[ect0] P.5 1801:2701(900) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.inject("+100ms", "[ect0] .5 1:1(0) ack 1 win 310 <ECN e1b 1 ceb 0 e0b 901,nop,nop,nop,sack 1801:2701>")
script.expect("+20ms~500ms", "[ect0] .5 1:901(900) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
