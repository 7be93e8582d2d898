-- RFC 7413 4.1.2: an empty option asks; the SYN is answered as any other (the cookie itself: test_packetdrill).
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 3, ["net.ipv4.tcp_fastopen_key"] = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4" } }
script.listen { fastopen = 5 }
script.inject("S 0:0(0) win 32792 <mss 1460,sackOK,nop,nop,FO,nop,nop>")
script.expect("S. 0:0(0) ack 1 <...>")
