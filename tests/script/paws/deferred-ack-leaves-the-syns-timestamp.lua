-- Only the segment that makes the connection says what the newest timestamp is; an ACK that must wait for data
-- (TCP_DEFER_ACCEPT) does not, so that the SYN may come again and later data may be older than that ACK (Linux 6.18).
local host = script.host()
script.listen { defer_accept = 10 }
script.inject("S 0:0(0) win 32792 <mss 1000,nop,nop,TS val 2000 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 100 ecr 2000>")
script.inject("+10ms", ". 1:1(0) ack 1 win 257 <nop,nop,TS val 2500 ecr 100>")
script.inject("+600ms", "S 0:0(0) win 32792 <mss 1000,nop,nop,TS val 2000 ecr 0>")
script.expect("S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 710 ecr 2000>")
script.inject("+100ms", "P. 1:11(10) ack 1 win 257 <nop,nop,TS val 2100 ecr 710>")
script.expect(". 1:1(0) ack 11 <nop,nop,TS val 810 ecr 2100>")
expect.equal(host:counters().TcpExtPAWSEstab, 0)
