-- RFC 3522 3.2 (5): an echo of the retransmission itself says nothing against the loss.
local host = script.host { sysctl = { ["net.ipv4.tcp_early_retrans"] = 0, ["net.ipv4.tcp_frto"] = 0 } }
script.listen { cc = "reno" }
script.inject("S 0:0(0) win 32792 <mss 1012,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+50ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1050 ecr 100>")
local c = script.accept()
c:write(1000)
script.expect("P. 1:1001(1000) ack 1 <nop,nop,TS val 150 ecr 1050>")
script.expect("+250ms", "P. 1:1001(1000) ack 1 <nop,nop,TS val 400 ecr 1050>")
script.inject("+50ms", ". 1:1(0) ack 1001 win 257 <nop,nop,TS val 1350 ecr 420>")
expect.equal(c.ssthresh, 5)
expect.equal(host:counters().TcpExtTCPLossUndo, 0)
