-- RFC 6994's shared option 254 with 0xF989 asks as well, and is answered in kind, with the same cookie.  Seen on Linux 6.18.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 3, ["net.ipv4.tcp_fastopen_key"] = "a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4" } }
script.listen { fastopen = 5 }
script.inject("S 0:0(0) win 32792 <mss 1460,sackOK,FOEXP,nop,nop>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,sackOK,FOEXP 5a76602d2d3427dd>")
