-- Linux (tcp_disordered_ack()): ACKs that overtake each other are not old duplicates: one with a slightly older timestamp,
-- no data and nothing new is taken silently.
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1005 ecr 100>")
script.silence("100ms")
expect.equal(host:counters().TcpExtTCPACKSkippedPAWS, 0)
