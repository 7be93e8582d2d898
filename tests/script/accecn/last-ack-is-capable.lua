-- All segments of a connection with accurate ECN are ECN-capable (RFC 9768 3.1.5, RFC 8311 4.3), the ACK of the peer's
-- FIN after the closed socket is gone included; there is nothing left that counts, so its ACE field is 0.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+30ms", "[ect1] SW. 0:0(0) ack 1 win 30000 <mss 900,nop,nop,sackOK,nop,wscale 7>")
script.expect("[ect0] EW. 1:1(0) ack 1")
c:close()
script.expect("[ect0] F5. 1:1(0) ack 1")
script.inject("+30ms", "[ect0] .5 1:1(0) ack 2 win 240")
script.inject("+30ms", "[ect0] F5. 1:1(0) ack 2 win 240")
script.expect("[ect0] . 2:2(0) ack 2")
