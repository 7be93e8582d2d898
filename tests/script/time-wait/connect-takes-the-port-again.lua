-- Linux's tcp_twsk_unique, ip-sysctl: with net.ipv4.tcp_tw_reuse 1, connect may have the port of a
-- connection in TIME_WAIT once more than tcp_tw_reuse_delay (1 s) has passed, if both ends stamp
-- their segments (RFC 6191 2): its SYN echoes the last stamp of the old connection.
script.host { sysctl = { ["net.ipv4.tcp_tw_reuse"] = 1, ["net.ipv4.ip_local_port_range"] = { 50000, 50000 } } }
local c = script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 100 ecr 0,nop,wscale 10>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 65535 <mss 1460,sackOK,TS val 700 ecr 100,nop,wscale 8>")
script.expect(". 1:1(0) ack 1 <...>")
c:close()
script.expect("F. 1:1(0) ack 1 <...>")
script.inject("+10ms", "F. 1:1(0) ack 2 win 257 <nop,nop,TS val 720 ecr 100>")
script.expect(". 2:2(0) ack 2 <...>")
script.sleep("1s")
local taken = pcall(script.connect)
expect.equal(taken, false)
script.sleep("1ms")
script.connect()
script.expect("S 0:0(0) <mss 1460,sackOK,TS val 1121 ecr 720,nop,wscale 10>")
script.inject("+10ms", "S. 5000:5000(0) ack 1 win 65535 <mss 1460,sackOK,TS val 1721 ecr 1121,nop,wscale 8>")
script.expect(". 1:1(0) ack 5001 <...>")
