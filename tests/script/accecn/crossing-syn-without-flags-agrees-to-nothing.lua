-- RFC 9768 3.1.1: a SYN that crosses ours and does not ask for ECN means that there is none, for the ECN field of either side.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 3 } }
local c = script.connect()
script.expect("[noecn] SEWA 0:0(0) <...>")
script.inject("+10ms", "S 0:0(0) win 32767 <mss 1000>")
script.expect("[noecn] S. 0:0(0) ack 1 <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 32767 <mss 1000>")
script.expect("[noecn] . 1:1(0) ack 1")
c:write(1000)
script.expect("[noecn] P. 1:1001(1000) ack 1")
