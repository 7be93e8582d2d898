-- RFC 9768 3.1.3: the reserved answer AE and ECE, without CWR, is that of an accurate server to
-- come, and stands for a SYN that arrived unchanged.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+40ms", "SEA. 0:0(0) ack 1 win 31000 <mss 1460,nop,nop,sackOK,nop,wscale 8>")
script.expect("[ect0] W. 1:1(0) ack 1")
c:write(600)
script.expect("[ect0] EAP. 1:601(600) ack 1")
