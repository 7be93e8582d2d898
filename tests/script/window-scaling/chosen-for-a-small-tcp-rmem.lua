-- The larger of tcp_rmem's third value and net.core.rmem_max counts, as any socket may ask for that much.
script.host { sysctl = { ["net.ipv4.tcp_rmem"] = "4096 131072 400000", ["net.core.rmem_max"] = 300000 } }
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 3>")
