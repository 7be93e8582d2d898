-- RFC 3168 6.1.1: SYNs that cross and both ask for ECN agree to it.
script.host { sysctl = { ["net.ipv4.tcp_ecn"] = 1 } }
local c = script.connect()
script.expect("[noecn] SEW 0:0(0) <...>")
script.inject("+10ms", "SEW 0:0(0) win 32767 <mss 1000>")
script.expect("SE. 0:0(0) ack 1 <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 32767 <mss 1000>")
script.expect(". 1:1(0) ack 1")
c:write(1000)
script.expect("[ect0] P. 1:1001(1000) ack 1")
