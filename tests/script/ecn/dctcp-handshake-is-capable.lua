-- RFC 8257 3.6: SYN and SYN-ACK of DCTCP are sent with ECT, so that a queue that marks does not drop them instead; also
-- without ECE and CWR, when the first SYN brought no answer (Linux: the socket's packets have it from the beginning).
local c = script.connect { cc = "dctcp" }
script.expect("[ect0] SEW 0:0(0) <...>")
script.expect("+1s", "[ect0] S 0:0(0) <...>")
script.inject("+10ms", "S. 0:0(0) ack 1 win 32767 <mss 1000,nop,wscale 6,nop,nop,sackOK>")
script.expect("[noecn] . 1:1(0) ack 1")
script.port(40001)
script.listen { cc = "dctcp" }
script.inject("SEW 0:0(0) win 32792 <mss 1000,sackOK>")
script.expect("[ect0] SE. 0:0(0) ack 1 <...>")
script.inject("+10ms", "[ect0] . 1:1(0) ack 1 win 257")
script.port(40002)
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK>")
script.expect("[noecn] S. 0:0(0) ack 1 <...>")
