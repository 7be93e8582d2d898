-- Linux's tcp_rcv_synsent_state_process, seen on 6.18: when both SYNs cross and the peer's has no timestamp, the SYN-ACK
-- of one that goes on where a TIME_WAIT was still has the stamp of the old connection.
script.host { sysctl = { ["net.ipv4.tcp_tw_reuse"] = 1, ["net.ipv4.ip_local_port_range"] = { 50000, 50000 } } }
local c = script.connect()
script.expect("S 0:0(0) win 64240 <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 700 ecr 100,nop,wscale 8>")
script.expect(". 1:1(0) ack 1 <...>")
c:close()
script.expect("F. 1:1(0) ack 1 <...>")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257 <nop,nop,TS val 720 ecr 100>")
script.expect(". 2:2(0) ack 2 <...>")
script.sleep("1010ms")
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 1130 ecr 720,nop,wscale 10>")
script.inject("+10ms", "S 5000:5000(0) win 65535 <mss 1460,sackOK,nop,wscale 8>")
script.expect("S. 0:0(0) ack 5001 <mss 1460,sackOK,TS val 1140 ecr 720,nop,wscale 10>")
