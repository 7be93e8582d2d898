-- net.ipv4.tcp_fastopen bit 4: data without a cookie.
script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 5, ["net.ipv4.tcp_timestamps"] = 0 } }
script.connect { fastopen = 1000 }
script.expect("S 0:1000(1000) <mss 1460,nop,nop,sackOK,nop,wscale 10>")
