-- RFC 9768 3.2.2.4: an ACK of the handshake without ACE flags was bleached: no ECT any more, though
-- the feedback for the other direction goes on.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 980,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <...>")
script.inject("+50ms", "[ect0] . 1:1(0) ack 1 win 333 <ECN e0b 1 ceb 0 e1b 1,nop>")
script.accept():write(700)
script.expect("[noecn] EAP. 1:701(700) ack 1 <ECN e1b 1 ceb 0 e0b 1,nop>")
