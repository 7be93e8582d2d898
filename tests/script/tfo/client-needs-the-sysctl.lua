script.host { sysctl = { ["net.ipv4.tcp_fastopen"] = 0 } }
script.connect { fastopen = 1000 }
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
