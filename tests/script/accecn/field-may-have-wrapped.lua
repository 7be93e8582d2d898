-- RFC 9768 3.2.2.5.2: an ACK of more packets than the field can count may have wrapped it: the
-- largest number that fits is taken.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3, ["net.ipv4.tcp_ecn_option"] = 0 } }
script.listen()
script.inject("SEWA 0:0(0) win 29200 <mss 1460,nop,nop,sackOK,nop,wscale 8>")
script.expect("SW. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,nop,wscale 10>")
script.inject("+50ms", "[ect0] W. 1:1(0) ack 1 win 310")
local c = script.accept()
c:write(13140)
script.expect("[ect0] P.5 1:11681(4*2*1460) ack 1")
script.expect("[ect0] P.5 11681:13141(1460) ack 1")
script.inject("+50ms", "[ect0] .5 1:1(0) ack 1461 win 310")
script.inject("+50ms", "[ect0] .5 1:1(0) ack 13141 win 310")
expect.equal(c.delivered_ce, 8)
