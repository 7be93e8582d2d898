-- Linux: an echo that claims window scaling cannot be ours when net.ipv4.tcp_window_scaling is 0.
local host = script.host { sysctl = { ["net.ipv4.tcp_syncookies"] = 2, ["net.ipv4.tcp_window_scaling"] = 0 } }
script.listen()
script.inject("S 0:0(0) win 65535 <mss 1460,sackOK,TS val 700 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 700>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 701 ecr 99>")
script.expect("R 1:1(0)")
expect.equal(host:counters().TcpExtSyncookiesRecv, 1)
