-- Linux's tcp_connect_init, seen on 6.18: who goes on where a TIME_WAIT was knows that segments will carry timestamps,
-- and offers a window of whole ones: 45 of 1448 bytes; any other SYN offers 44 of 1460 bytes.
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
script.expect("S 0:0(0) win 65160 <mss 1460,sackOK,TS val 1130 ecr 720,nop,wscale 10>")
