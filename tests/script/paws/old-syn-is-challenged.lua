-- RFC 7323 5.2 and RFC 5961 4: a SYN whose timestamp is old is answered as any SYN of an established connection is, by a
-- challenge ACK, and not counted as an old segment (Linux 6.18).
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,sackOK,TS val 1000 ecr 0,nop,wscale 7>")
script.expect("S. 0:0(0) ack 1 <mss 1460,sackOK,TS val 100 ecr 1000,nop,wscale 10>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 1010 ecr 100>")
local c = script.accept()
script.inject("+10ms", "S 1:1(0) win 32792 <mss 1000,sackOK,TS val 500 ecr 0,nop,wscale 7>")
script.expect(". 1:1(0) ack 1 <nop,nop,TS val 120 ecr 1010>")
expect.equal(host:counters().TcpExtTCPSYNChallenge, 1)
expect.equal(host:counters().TcpExtPAWSEstab, 0)
expect.equal(c.state, "ESTABLISHED")
