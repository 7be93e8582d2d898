-- RFC 9293 3.10.7.4, RFC 7323 2.3: a segment outside of the window gets an ACK in SYN_RECEIVED, too.
-- Its window is that of the SYN-ACK, which no scale enlarges: at most 65535, and then shifted as
-- that of any ACK (observed of Linux 6.18).
script.host { sysctl = { ["net.ipv4.tcp_rmem"] = { 4096, 540000, 15728640 } } }
script.listen()
script.inject("0s", "S 0:0(0) win 1000 <mss 1000,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 win 65535 <mss 1460,nop,wscale 8>")
script.inject("+10ms", ". 100000000:100000000(0) ack 1 win 1000")
script.expect(". 1:1(0) ack 1 win 255")
script.port(40001)
script.inject("+10ms", "S 0:0(0) win 1000 <mss 1000>")
script.expect("S. 0:0(0) ack 1 win 65535 <mss 1460>")
script.inject("+10ms", ". 100000000:100000000(0) ack 1 win 1000")
script.expect(". 1:1(0) ack 1 win 65535")
