-- A RST that carries a timestamp is believed by a request only if that is not older than the SYN's and echoes what the
-- SYN-ACK said; both are counted (Linux 6.18).
local host = script.host()
script.listen()
script.inject("S 0:0(0) win 32792 <mss 1000,nop,nop,TS val 2000 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 2000>")
script.inject("+5ms", "R 1:1(0) <nop,nop,TS val 1000 ecr 100>")
script.inject("+5ms", "R 1:1(0) <nop,nop,TS val 2001 ecr 177>")
expect.equal(host:counters().TcpExtPAWSEstab, 1)
expect.equal(host:counters().TcpExtTSEcrRejected, 1)
script.inject("+5ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 2002 ecr 100>")
expect.equal(script.accept().state, "ESTABLISHED")
