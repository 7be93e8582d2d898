-- RFC 7413 4.1.2: an empty option asks, the SYN-ACK has the cookie, which Linux makes of both addresses by SipHash with the
-- key.  Seen on Linux 6.18 with these addresses.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 3, ["net.ipv4.tcp_fastopen_key"] = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4" } }
script.listen { fastopen = 5 }
script.inject("S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,FO,nop,nop>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,FO 5a76602d2d3427dd,nop,nop>")
