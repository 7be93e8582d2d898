-- RFC 9768 3.1.1: all flags set in a SYN-ACK is a broken server that reflects.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("SEWA 0:0(0) <...>")
script.inject("+50ms", "SEWA. 0:0(0) ack 1 win 31000 <mss 1460,nop,nop,sackOK,nop,wscale 8>")
script.expect("[noecn] . 1:1(0) ack 1")
c:write(100)
script.expect("[noecn] P. 1:101(100) ack 1")
