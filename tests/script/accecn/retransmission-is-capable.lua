-- All of a connection that asks is ECN-capable, retransmissions and FIN included (RFC 9768 with
-- RFC 8311); the option takes 12 bytes of each segment.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+100ms", "[ect0] SW. 0:0(0) ack 1 win 32767 <mss 1024,ECN e0b 1 ceb 0 e1b 1,nop,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] A. 1:1(0) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
c:write(3000)
script.expect("[ect0] .5 1:1013(1012) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.expect("[ect0] P.5 1013:2025(1012) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.expect("[ect0] P.5 2025:3001(976) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
script.inject("+100ms", "[ect0] .5 1:1(0) ack 1 win 264 <ECN e1b 1 ceb 0 e0b 977,nop,nop,nop,sack 2025:3001>")
script.expect("+20ms~500ms", "[ect0] .5 1:1013(1012) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
